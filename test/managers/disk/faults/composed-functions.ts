import fs from 'node:fs';
import { callbackify } from 'node:util';

type AnyFunction = (...args: readonly unknown[]) => unknown;

/** What writing a file whole may be told. */
interface WriteOptions {
  readonly flag?: string;
  readonly mode?: number;
}

/**
 * Makes those functions of `node:fs` that are several calls of the system into several calls of watched functions, where
 * `isWatched` says so of their path: a file may have been made, and then the disk was full.
 */
export function composeFunctions(isWatched: (path: unknown) => boolean): void {
  replace(fs, 'readFileSync', isWatched, readFileSync);
  replace(fs, 'writeFileSync', isWatched, (path, data, options) =>
    writeFileSync(String(path), data, { flag: 'w', ...asOptions(options) }),
  );
  replace(fs, 'appendFileSync', isWatched, (path, data, options) =>
    writeFileSync(String(path), data, { flag: 'a', ...asOptions(options) }),
  );
  replace(fs, 'rmSync', isWatched, (path, options) => removeSync(String(path), asOptions(options)));
  // Each call of the promise is a turn of its own, in which others may come between.
  const inTurns: Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>> = {
    readFile: async (path, options) => {
      const bytes = await readFile(String(path));
      return typeof options === 'string' ? bytes.toString(options === 'utf8' ? 'utf8' : 'latin1') : bytes;
    },
    writeFile: async (path, data, options) =>
      await writeFile(String(path), data, { flag: 'w', ...asOptions(options) }),
    appendFile: async (path, data, options) =>
      await writeFile(String(path), data, { flag: 'a', ...asOptions(options) }),
    rm: async (path, options) => await remove(String(path), asOptions(options)),
  };
  for (const [name, perform] of Object.entries(inTurns)) {
    replace(fs.promises, name, isWatched, perform);
    const later = callbackify(async (args: readonly unknown[]) => await perform(...args));
    replace(fs, name, isWatched, (...args) => {
      const done = args.at(-1);
      if (!isFunction(done)) throw new TypeError(`fs.${name} needs a callback`);
      later(args.slice(0, -1), (error, result) => done(error, result));
    });
  }
}

function replace(
  functions: object,
  name: string,
  isWatched: (path: unknown) => boolean,
  by: AnyFunction,
): void {
  const plain: unknown = Reflect.get(functions, name);
  if (!isFunction(plain)) return;
  Reflect.set(functions, name, (...args: readonly unknown[]) =>
    isWatched(args[0]) ? by(...args) : plain(...args),
  );
}

function asOptions(options: unknown): WriteOptions & fs.RmOptions {
  return typeof options === 'object' && options !== null ? options : {};
}

function readFileSync(path: unknown, options: unknown): unknown {
  const descriptor = fs.openSync(String(path), 'r');
  try {
    const bytes = Buffer.alloc(fs.fstatSync(descriptor).size);
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count) {
      count = fs.readSync(descriptor, bytes, length, bytes.length - length, length);
    }
    const read = bytes.subarray(0, length);
    return options === undefined ? read : read.toString();
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeFileSync(path: string, data: unknown, { flag = 'w', mode = 0o666 }: WriteOptions): void {
  const bytes = asBytes(data);
  const descriptor = fs.openSync(path, flag, mode);
  try {
    for (let length = 0; length < bytes.length;) {
      length += fs.writeSync(descriptor, bytes, length, bytes.length - length, null);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

function removeSync(path: string, options: fs.RmOptions): void {
  try {
    if (!fs.lstatSync(path).isDirectory()) {
      fs.unlinkSync(path);
      return;
    }
    for (const name of fs.readdirSync(path)) removeSync(`${path}/${name}`, options);
    fs.rmdirSync(path);
  } catch (error) {
    forgive(error, options);
  }
}

async function readFile(path: string): Promise<Buffer> {
  const descriptor = await open(path, 'r', 0);
  try {
    const { size } = await called<fs.Stats>('fstat', descriptor);
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (let count = -1; count !== 0 && length < size; length += count) {
      count = await called<number>('read', descriptor, bytes, length, size - length, length);
    }
    return bytes.subarray(0, length);
  } finally {
    await called('close', descriptor);
  }
}

async function writeFile(
  path: string,
  data: unknown,
  { flag = 'w', mode = 0o666 }: WriteOptions,
): Promise<void> {
  const bytes = asBytes(data);
  const descriptor = await open(path, flag, mode);
  try {
    for (let length = 0; length < bytes.length;) {
      length += await called<number>('write', descriptor, bytes, length, bytes.length - length, null);
    }
  } finally {
    await called('close', descriptor);
  }
}

async function remove(path: string, options: fs.RmOptions): Promise<void> {
  try {
    if (!(await fs.promises.lstat(path)).isDirectory()) {
      await fs.promises.unlink(path);
      return;
    }
    for (const name of await fs.promises.readdir(path)) await remove(`${path}/${name}`, options);
    await fs.promises.rmdir(path);
  } catch (error) {
    forgive(error, options);
  }
}

async function open(path: string, flag: string, mode: number): Promise<number> {
  return await called<number>('open', path, flag, mode);
}

async function called<T>(name: string, ...args: readonly unknown[]): Promise<T> {
  const perform: unknown = Reflect.get(fs, name);
  if (!isFunction(perform)) throw new TypeError(`There is no fs.${name}`);
  return await new Promise((resolve, reject) => {
    perform(...args, (error: unknown, result: T) => (error === null ? resolve(result) : reject(error)));
  });
}

function forgive(error: unknown, { force = false }: fs.RmOptions): void {
  if (!force || !(error instanceof Error) || Reflect.get(error, 'code') !== 'ENOENT') throw error;
}

function asBytes(data: unknown): Uint8Array {
  return data instanceof Uint8Array ? data : Buffer.from(String(data));
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}
