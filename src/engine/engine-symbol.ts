/** Under which an `HttpCache` holds its engine: registered, so that two copies of this package find each other's. */
export const engineSymbol: unique symbol = Symbol.for('http-larder.engine');
