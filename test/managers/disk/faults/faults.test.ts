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

async function inject(how: InjectTask['how'], operation: string): Promise<InjectReport> {
  const task: InjectTask = { folder, operation, how, all };
  return (await child?.ask(task)) as InjectReport;
}

describe.each([...Object.keys(KINDS), 'death'])('%s at any call of the file system', (how) => {
  it.each(OPERATION_NAMES)('does no harm: %s', { timeout: 600_000 }, async (operation) => {
    const { faults, trials } = await inject(how, operation);
    expect(faults).toEqual([]);
    expect(trials).toBeGreaterThan(1);
  });
});
