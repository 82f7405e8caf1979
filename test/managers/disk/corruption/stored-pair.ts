import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { StreamingManagerOptions } from '../../../../src/managers/disk/disk-options.ts';
import { keyHash, Layout } from '../../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import type { VerifyProblemKind } from '../../../../src/managers/disk/verify/verify-report.ts';
import { samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { filesUnder, temporaryManager } from '../temporary-folder.ts';

/** The body of the entry `small`, which is in its entry file. */
export const SMALL = 'a small body';

/** The body of the entry `large`, in a file of its own with three blocks. */
export const LARGE: string = 'a large body '.repeat(54_000);

/** A store with a small entry and a large one, and where they are. */
export interface StoredPair {
  readonly manager: StreamingManager;
  readonly path: string;
  readonly layout: Layout;
  readonly small: string;
  readonly large: string;
  readonly body: string;
  readonly anchor: string;
}

/** Makes one, with a manager that has nothing of it in memory. */
export async function storedPair(options: Partial<StreamingManagerOptions> = {}): Promise<StoredPair> {
  const { manager: writer, path } = temporaryManager();
  await writer.put('small', sampleResponse(SMALL), samplePolicy());
  await writer.put('large', sampleResponse(LARGE), samplePolicy());
  const layout = new Layout(path);
  const [small, large] = [layout.entry(keyHash('small')), layout.entry(keyHash('large'))];
  const files = filesUnder(layout.root).map((name) => `${layout.root}/${name}`);
  const body = files.find((name) => name.startsWith(`${large}.`)) ?? '';
  const anchor = files.find((name) => name.startsWith(`${layout.content}/`)) ?? '';
  return {
    manager: temporaryManager({ ...options, path }).manager,
    path,
    layout,
    small,
    large,
    body,
    anchor,
  };
}

/** Changes one byte of a file. */
export function flip(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(position) ^ 0x01, position);
  writeFileSync(file, bytes);
}

/** What a look-up gives: the body, nothing, or the error that says that it was damaged. No other error comes. */
export async function found(manager: StreamingManager, key: string): Promise<string | undefined> {
  try {
    return await storedText(manager, key);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
    return 'damaged';
  }
}

/** The kinds of problems that a store has, in the order of the alphabet. */
export async function problemsOf(
  manager: StreamingManager,
  mend: boolean,
): Promise<readonly VerifyProblemKind[]> {
  const kinds: VerifyProblemKind[] = [];
  await manager.verify({ mend, onProblem: ({ kind }) => kinds.push(kind) });
  return kinds.toSorted();
}

/** Does something to an entry, and expects it to be seen, told, dropped, and replaced by the next put. */
export async function expectHealing(
  pair: StoredPair,
  key: 'small' | 'large',
  problems: readonly VerifyProblemKind[],
): Promise<void> {
  const { manager } = pair;
  expect(await problemsOf(manager, false)).toEqual(problems);
  expect(await found(manager, key)).toBe('damaged');
  await expect.poll(() => existsSync(pair[key])).toBe(false);
  expect(await found(manager, key)).toBeUndefined();
  await manager.put(key, sampleResponse('new'), samplePolicy());
  expect(await found(manager, key)).toBe('new');
}

/** Expects `verify` to mend what is wrong with an entry, so that it is absent and nothing else is wrong. */
export async function expectMending(
  { manager }: StoredPair,
  key: 'small' | 'large',
  problems: readonly VerifyProblemKind[],
): Promise<void> {
  expect(await problemsOf(manager, true)).toEqual(problems);
  expect(await found(manager, key)).toBeUndefined();
  expect(await problemsOf(manager, true)).toEqual([]);
  const other = key === 'small' ? 'large' : 'small';
  expect(await found(manager, other)).toBe(other === 'small' ? SMALL : LARGE);
}
