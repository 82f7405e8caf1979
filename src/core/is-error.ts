/**
 * Whether a value is an error, whoever made it: under jest, Node's own errors are no instances of the `Error` that modules
 * have, since these run in a context of their own.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || classes.has(Object.prototype.toString.call(value));
}

const classes: ReadonlySet<string> = new Set(['[object Error]', '[object DOMException]']);
