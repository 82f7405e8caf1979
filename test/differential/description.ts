import { Readable } from 'node:stream';

/** What was observed, as plain data that two runs can be compared by. */
export type Description =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Description[]
  | { readonly [field: string]: Description };

/** Turns anything that a caller may get hold of into plain data. */
export type Describe = (value: unknown) => Description;

/** Describes the objects of one client; `undefined` for what is not one of them. */
export type DescribeObject = (value: object, describe: Describe) => Description | undefined;

/** A {@link Describe} that knows one client's objects beside what the language has. */
export function describeWith(describeObject: DescribeObject): Describe {
  const describe: Describe = (value) => {
    if (typeof value === 'function') return `function ${value.name}`;
    if (typeof value === 'symbol' || typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return primitive(value);
    const own = describeObject(value, describe);
    if (own !== undefined) return own;
    if (value instanceof Error) return describeError(value, describe);
    if (value instanceof Uint8Array) {
      return { type: value.constructor.name, bytes: Buffer.from(value).toString('base64') };
    }
    if (value instanceof URL) return value.href;
    if (value instanceof Readable) return { type: 'Readable' };
    if (value instanceof Blob) return { type: value.constructor.name, size: value.size, media: value.type };
    if (Array.isArray(value)) return value.map(describe);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, describe(member)]));
  };
  return describe;
}

/** What every error has; the keys in their order, because loggers print them so. */
export function describeError(error: Error, describe: Describe): { readonly [field: string]: Description } {
  return {
    classes: classes(error),
    name: error.name,
    message: error.message,
    code: describe(read(error, 'code')),
    keys: Object.keys(error),
    cause: describe(error.cause),
  };
}

/** The classes that an object is an instance of, from its own up to `Error`. */
function classes(error: Error): readonly string[] {
  const names: string[] = [];
  for (let at: unknown = Object.getPrototypeOf(error); at instanceof Error; at = Object.getPrototypeOf(at)) {
    names.push(at.constructor.name);
  }
  return [...new Set([...names, 'Error'])];
}

/** A member of something whose type is not known; `undefined` when there is none. */
export function read(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
}

/** Calls a method of something whose type is not known, if it has one of that name. */
export function call(on: unknown, name: string, ...args: readonly unknown[]): unknown {
  const method = read(on, name);
  return typeof method === 'function' ? Reflect.apply(method, on, args) : undefined;
}

/** The members of an object as a list, so that their order counts. */
export function describeFields(fields: unknown): Description {
  if (typeof fields !== 'object' || fields === null) return undefined;
  return Object.entries(fields).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(String) : primitive(value),
  ]);
}

function primitive(value: unknown): Description {
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === null
    ? value
    : undefined;
}
