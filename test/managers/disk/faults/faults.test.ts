import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, compileChildren } from '../../../helpers/child-process.ts';
import type { InjectReport, InjectTask } from './children/inject.ts';
import { KINDS } from './kinds.ts';
import { OPERATIONS } from './operations.ts';

/** With `ALL_FAULTS=1` each call fails with each error; otherwise most calls fail, each with one of them. */
const all = process.env['ALL_FAULTS'] !== undefined;

/** All of it takes some minutes for each operation. */
const PATIENCE = all ? 3_600_000 : 300_000;

const children = compileChildren('test/managers/disk/faults', ['test/managers/samples.ts']);
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'http-larder-faults-'));
let child: Child | undefined;
beforeAll(() => (child = children.start('inject.ts')));
afterAll(async () => {
  await child?.[Symbol.asyncDispose]();
  children[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const OPERATION_NAMES = Object.keys(OPERATIONS);

/** What Node does by several writes in one call does not come back where each writes nothing: no sample may leave that out. */
const WHOLE = { how: 'less than was asked for', operation: 'open a new store' };

async function inject(how: InjectTask['how'], operation: string): Promise<InjectReport> {
  const task: InjectTask = {
    folder,
    operation,
    how,
    all: all || (how === WHOLE.how && operation === WHOLE.operation),
  };
  return (await child?.ask(task)) as InjectReport;
}

/** What changes files: who only reads leaves nothing half done. */
const CHANGES = /^(put|stream|follow|abort|update|delete|clear|evict|scan|open a new|make|verify and)/;
const CHANGING = OPERATION_NAMES.filter((name) => CHANGES.test(name));
/** Of those, what takes different paths. */
const SAMPLE = [
  ...['put a small body', 'put a shared body', 'put a large body on a large one'],
  ...['stream a body of unknown length', 'update metadata', 'delete a large body'],
];

describe('a loss of power', () => {
  it.each(all ? CHANGING : SAMPLE)(
    'leaves whole responses or none: %s',
    { timeout: PATIENCE },
    async (operation) => {
      const { faults, trials } = await inject('loss of power', operation);
      expect(faults).toEqual([]);
      expect(trials).toBeGreaterThan(1);
    },
  );
});

describe('death at any call of the file system', () => {
  it.each(all ? OPERATION_NAMES : [...SAMPLE, 'open a new store', 'clear', 'evict a large body'])(
    'does no harm: %s',
    { timeout: PATIENCE },
    async (operation) => {
      const { faults, trials } = await inject('death', operation);
      expect(faults).toEqual([]);
      // Had the first call been the last, nothing would have been tried.
      expect(trials).toBeGreaterThan(2);
    },
  );
});

describe.each(Object.keys(KINDS))('%s at any call of the file system', (how) => {
  it.each(OPERATION_NAMES)('does no harm: %s', { timeout: PATIENCE }, async (operation) => {
    const { faults, trials } = await inject(how, operation);
    expect(faults).toEqual([]);
    expect(trials).toBeGreaterThan(1);
  });
});
