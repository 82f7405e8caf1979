import { ERROR_CODES, type FileCall, type FileFault, type FileRule } from './file-call.ts';
import type { Manner } from './trial-outcome.ts';

/** A way in which a call fails, or all from one on. */
export interface Kind {
  readonly what: string;
  /** What happens to a call when the one of that number is to fail. */
  readonly rule: (failing: number) => FileRule;
  readonly manner: Omit<Manner, 'cold'>;
}

/** What changes a file system. */
const CHANGES: ReadonlySet<string> = new Set([
  ...['futimes', 'link', 'lutimes', 'mkdir', 'rename', 'rmdir', 'unlink', 'write'],
]);

/** What needs room for more. */
const ADDITIONS: ReadonlySet<string> = new Set(['link', 'mkdir', 'write']);

/** What a file server answers to a call that it is asked for once more, as the answer to the first was lost. */
const ASKED_AGAIN: ReadonlyMap<string, string> = new Map([
  ['link', 'EEXIST'],
  ['mkdir', 'EEXIST'],
  ['rename', 'ENOENT'],
  ['rmdir', 'ENOENT'],
  ['unlink', 'ENOENT'],
]);

/** By the name of what they show. */
export const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  'an error': ERROR_CODES.map((code) => ({
    what: code,
    rule: once(() => ({ kind: 'fail', code })),
    manner: { lies: code === 'ENOENT', evicts: code === 'ENOSPC' || code === 'EDQUOT' },
  })),
  'an error that stays': [
    { what: 'EIO', rule: fromThereOn('EIO', () => true), manner: {} },
    { what: 'EROFS', rule: fromThereOn('EROFS', ({ name }) => CHANGES.has(name)), manner: {} },
    {
      what: 'ENOSPC',
      rule: fromThereOn('ENOSPC', ({ name }) => ADDITIONS.has(name)),
      manner: { evicts: true },
    },
  ],
  'less than was asked for': [
    { what: 'half', rule: cut((asked) => Math.ceil(asked / 2)), manner: {} },
    { what: 'one byte', rule: cut(() => 1), manner: {} },
    // As at the end of a file: it looks damaged, and then its entry goes.
    { what: 'nothing', rule: cut(() => 0), manner: { lies: true } },
    {
      what: 'nothing to be written, ever',
      rule: (failing) => (call) =>
        call.number >= failing && call.name === 'write' ? { kind: 'cut', bytes: () => 0 } : undefined,
      manner: {},
    },
  ],
  'a lost answer': [
    {
      what: 'denied',
      rule: once(({ name }) => {
        const code = ASKED_AGAIN.get(name);
        return code === undefined ? undefined : { kind: 'deny', code };
      }),
      manner: { lies: true },
    },
  ],
};

function once(fault: (call: FileCall) => FileFault | undefined): Kind['rule'] {
  return (failing) => (call) => (call.number === failing ? fault(call) : undefined);
}

function fromThereOn(code: string, concerns: (call: FileCall) => boolean): Kind['rule'] {
  return (failing) => (call) =>
    call.number >= failing && concerns(call) ? { kind: 'fail', code } : undefined;
}

function cut(bytes: (asked: number) => number): Kind['rule'] {
  return once(({ name }) => (name === 'read' || name === 'write' ? { kind: 'cut', bytes } : undefined));
}
