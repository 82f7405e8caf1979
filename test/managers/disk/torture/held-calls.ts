import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/*
 * To be imported before anything that imports `node:fs`. Holds one call of a file until it is told to go on, so that
 * another process can do things between two steps of this one, whichever two they are.
 */

const CALLS = ['open', 'fstat', 'lstat', 'read', 'write', 'futimes', 'close', 'rename', 'link', 'unlink'];

let left = Number.POSITIVE_INFINITY;
let whenHeld: (call: string) => void = () => {};
let goOn: () => void = () => {};

/** Holds the call that comes after so many others, and tells of it. */
export function holdCall(after: number, held: (call: string) => void): void {
  left = after;
  whenHeld = held;
}

/** Lets the call go on that is held, and holds no other. */
export function letGo(): void {
  left = Number.POSITIVE_INFINITY;
  goOn();
  goOn = () => {};
}

for (const name of CALLS) {
  const original: unknown = Reflect.get(fs, name);
  if (typeof original !== 'function') throw new TypeError(`There is no ${name} in node:fs`);
  Reflect.set(fs, name, (...args: unknown[]): void => {
    const perform = (): void => void Reflect.apply(original, fs, args);
    if (left-- !== 0) {
      perform();
      return;
    }
    goOn = perform;
    whenHeld(name);
  });
}
syncBuiltinESMExports();
