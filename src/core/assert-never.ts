/**
 * Marks the end of an exhaustive switch: a member of the union that is not handled fails to compile.
 *
 * @throws TypeError when a value outside the declared type gets here all the same.
 */
export function assertNever(value: never): never {
  throw new TypeError(`Every case is handled, but ${JSON.stringify(value)} is none of them`);
}
