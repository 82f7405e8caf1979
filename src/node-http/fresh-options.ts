import type { RequestOptions } from 'node:https';

/**
 * Copies the options of a request for one opening of it, with their header section in its order and case.
 *
 * A request function may write into the options that it is given, as follow-redirects does for each field that is set
 * later: a condition must not stay there for a request that is to go without one.
 */
export function freshOptions(options: RequestOptions): RequestOptions {
  const copy = likeness(options);
  const { headers } = options;
  if (headers !== undefined) copy.headers = Array.isArray(headers) ? [...headers] : likeness(headers);
  return copy;
}

/** A shallow copy. axios protects its options from a polluted prototype by giving them none. */
function likeness<T extends object>(original: T): T {
  const prototype: object | null = Object.getPrototypeOf(original);
  const copy: T = Object.create(prototype);
  return Object.assign(copy, original);
}
