import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { argv } from 'node:process';

/*
 * To be imported before anything that imports `node:fs`. Makes calls slow now and then, so that kills and other processes
 * come between the steps of a change, and lets all links fail where that is asked for.
 */

/** How files are impeded. */
export interface Impediments {
  /** The part of all calls that are slow, by up to three milliseconds. */
  readonly slowness: number;
  /** Whether there are hard links. */
  readonly links: boolean;
}

const CALLS = ['open', 'close', 'write', 'fstat', 'lstat', 'read', 'rename', 'link', 'unlink', 'futimes'];
const SLOW_BY = 3;

const { slowness, links } = JSON.parse(argv[2] ?? '') as Impediments;
for (const name of CALLS) {
  const original: unknown = Reflect.get(fs, name);
  if (typeof original !== 'function') throw new TypeError(`There is no ${name} in node:fs`);
  const call = name === 'link' && !links ? refuse : original;
  Reflect.set(fs, name, (...args: unknown[]): void => {
    if (Math.random() < slowness) setTimeout(() => Reflect.apply(call, fs, args), Math.random() * SLOW_BY);
    else Reflect.apply(call, fs, args);
  });
}
syncBuiltinESMExports();

/** That it is so; who imports it imports this module before the others. */
export const impeded = true;

function refuse(...args: unknown[]): void {
  const done = args.at(-1);
  const error = Object.assign(new Error('EPERM: there are no links here'), { code: 'EPERM' });
  if (typeof done === 'function') process.nextTick(() => Reflect.apply(done, undefined, [error]));
}
