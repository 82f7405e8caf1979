/*
 * Puts itself between this process and `node:fs`, for the files under one folder. To be imported before all that uses
 * files: fs-extra copies the functions when it is loaded.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type FileCall, type FileFault, type FileRule, systemError } from './file-call.ts';
import { composeFunctions } from './composed-functions.ts';

type AnyFunction = (...args: readonly unknown[]) => unknown;
type Callback = (error: unknown, ...results: readonly unknown[]) => void;

const ON_PATHS = [
  ...[
    'access',
    'chmod',
    'copyFile',
    'link',
    'lstat',
    'lutimes',
    'mkdir',
    'mkdtemp',
    'open',
    'readdir',
    'readlink',
  ],
  ...['rename', 'rmdir', 'stat', 'statfs', 'symlink', 'truncate', 'unlink', 'utimes'],
];
const ON_DESCRIPTORS = ['close', 'fdatasync', 'fstat', 'fsync', 'ftruncate', 'futimes', 'read', 'write'];
/** What would go past the watch; whoever begins to use it has to have it watched here first. */
const NOT_WATCHED = ['cp', 'opendir', 'readv', 'watch', 'writev'];

/** The functions as they are without the watch. */
export const plainFs: typeof fs = { ...fs };

const rules = new Map<string, FileRule>();
const paths = new Map<number, string>();
let root = '';
let underWay = 0;

/** Watches the files of the stores in a folder, each of which is a folder in it. */
export function watchStoresIn(folder: string): void {
  root = `${folder}/`;
}

/** Lets a rule say what happens to all calls on a store from now on; without one, nothing does. */
export function setRule(store: string, rule?: FileRule): void {
  if (rule === undefined) rules.delete(store);
  else rules.set(store, rule);
}

/** A rule that counts the calls and asks another for each. */
export function counted(rule: (call: FileCall) => FileFault | undefined): FileRule & { calls: number } {
  const counting = Object.assign((call: FileCall) => rule({ ...call, number: ++counting.calls }), {
    calls: 0,
  });
  return counting;
}

/** How many calls the file system works on. */
export function callsUnderWay(): number {
  return underWay;
}

/** Closes, without being watched, the descriptors that a store that died left open. */
export function closeDescriptorsOf(store: string): void {
  for (const [descriptor, path] of paths) {
    if (!path.startsWith(`${root}${store}/`)) continue;
    plainFs.closeSync(descriptor);
    paths.delete(descriptor);
  }
}

/** How many files of a store are open. */
export function descriptorsOf(store: string): string[] {
  return [...paths.values()].filter((path) => path.startsWith(`${root}${store}/`));
}

interface Ruled {
  readonly call: FileCall;
  readonly fault: FileFault | undefined;
}

function ruled(name: string, args: readonly unknown[]): Ruled | undefined {
  const path = pathOf(name, args);
  if (path === undefined) return undefined;
  const inRoot = path.slice(root.length);
  const end = `${inRoot}/`.indexOf('/');
  const call = { name, path: inRoot.slice(end + 1), number: 0 };
  return { call, fault: rules.get(inRoot.slice(0, end))?.(call) };
}

function pathOf(name: string, args: readonly unknown[]): string | undefined {
  if (root === '') return undefined;
  if (ON_DESCRIPTORS.includes(name)) return paths.get(Number(args[0]));
  const two = name === 'rename' || name === 'link' || name === 'symlink';
  return [two ? args[1] : args[0]].map(String).find((path) => path.startsWith(root));
}

/** Keeps account of what is open. */
function noteResult(name: string, args: readonly unknown[], result: unknown): void {
  if (name === 'open' && typeof result === 'number') paths.set(result, String(args[0]));
}

function cutArguments(args: readonly unknown[], asked: number, bytes: number): readonly unknown[] {
  if (typeof args[3] !== 'number') throw new TypeError('Only calls with a length can be cut');
  return args.with(3, Math.min(asked, bytes));
}

class FrozenError extends Error {}

function performSync(name: string, perform: AnyFunction, args: readonly unknown[]): unknown {
  const found = ruled(name, args);
  if (found === undefined) return perform(...args);
  const { call, fault } = found;
  const now = (given = args): unknown => {
    if (name === 'close') paths.delete(Number(given[0]));
    const result = perform(...given);
    noteResult(name, given, result);
    return result;
  };
  if (fault === undefined) return now();
  switch (fault.kind) {
    case 'fail':
      if (name === 'close') now();
      if (fault.code === 'ENOENT' && isLenient(args[1])) return undefined;
      throw systemError(fault.code, call);
    case 'deny':
      now();
      throw systemError(fault.code, call);
    case 'cut': {
      const asked = Number(args[3]);
      const bytes = fault.bytes(asked);
      return bytes === 0 ? 0 : now(cutArguments(args, asked, bytes));
    }
    case 'hold':
      return now();
    case 'freeze':
      throw new FrozenError(`The process is dead: ${name} '${call.path}'`);
    case 'kill':
      now();
      throw killed();
  }
}

/** Kills this process; what it gives is for the compiler. */
function killed(): Error {
  process.kill(process.pid, 'SIGKILL');
  return new FrozenError('The process was killed');
}

function isLenient(options: unknown): boolean {
  return typeof options === 'object' && options !== null && Reflect.get(options, 'throwIfNoEntry') === false;
}

async function performLater(
  name: string,
  perform: (...args: readonly unknown[]) => Promise<readonly unknown[]>,
  args: readonly unknown[],
  { call, fault }: Ruled,
): Promise<readonly unknown[]> {
  const now = async (given = args): Promise<readonly unknown[]> => {
    underWay++;
    try {
      // Its number may belong to another file as soon as it is closed.
      if (name === 'close') paths.delete(Number(given[0]));
      const results = await perform(...given);
      noteResult(name, given, results[0]);
      return results;
    } finally {
      underWay--;
    }
  };
  if (fault === undefined) return await now();
  switch (fault.kind) {
    case 'fail':
      if (name === 'close') await now();
      throw systemError(fault.code, call);
    case 'deny':
      await now();
      throw systemError(fault.code, call);
    case 'cut': {
      const asked = Number(args[3]);
      const bytes = fault.bytes(asked);
      return bytes === 0 ? [0, args[1]] : await now(cutArguments(args, asked, bytes));
    }
    case 'hold':
      await fault.until;
      return await now();
    case 'freeze':
      return await new Promise(() => {});
    case 'kill':
      await now();
      throw killed();
  }
}

function watchSync(name: string): void {
  const perform: unknown = Reflect.get(fs, `${name}Sync`);
  if (!isFunction(perform)) return;
  Reflect.set(fs, `${name}Sync`, (...args: readonly unknown[]) => performSync(name, perform, args));
}

function watchCallback(name: string): void {
  const perform: unknown = Reflect.get(fs, name);
  if (!isFunction(perform)) return;
  Reflect.set(fs, name, (...given: readonly unknown[]) => {
    const args = given.slice(0, -1);
    const done = given.at(-1);
    const found = ruled(name, args);
    if (found === undefined || !isFunction(done)) return perform(...given);
    const performed = async (...given: readonly unknown[]): Promise<readonly unknown[]> =>
      await new Promise((resolve, reject) => {
        const finish: Callback = (error, ...results) =>
          error instanceof Error ? reject(error) : resolve(results);
        perform(...given, finish);
      });
    void performLater(name, performed, args, found).then(
      (results) => done(null, ...results),
      (error: unknown) => done(error),
    );
    return undefined;
  });
}

function watchPromise(name: string): void {
  const perform: unknown = Reflect.get(fs.promises, name);
  if (!isFunction(perform)) return;
  Reflect.set(fs.promises, name, async (...args: readonly unknown[]) => {
    const found = ruled(name, args);
    if (found === undefined) return await perform(...args);
    if (name === 'open') throw notWatched('promises.open');
    const performed = async (...given: readonly unknown[]): Promise<readonly unknown[]> => [
      await perform(...given),
    ];
    const [result] = await performLater(name, performed, args, found);
    return result;
  });
}

function refuse(name: string, functions: object): void {
  const perform: unknown = Reflect.get(functions, name);
  if (!isFunction(perform)) return;
  Reflect.set(functions, name, (...args: readonly unknown[]) => {
    if (args.some((arg) => root !== '' && String(arg).startsWith(root))) throw notWatched(name);
    return perform(...args);
  });
}

function notWatched(name: string): Error {
  return new Error(`fs.${name} is used on a store and not watched: have it watched`);
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

for (const name of [...ON_PATHS, ...ON_DESCRIPTORS]) {
  watchSync(name);
  watchCallback(name);
  watchPromise(name);
}
for (const name of NOT_WATCHED) {
  for (const form of [name, `${name}Sync`]) refuse(form, fs);
  refuse(name, fs.promises);
}
composeFunctions((path) => root !== '' && String(path).startsWith(root));
syncBuiltinESMExports();
