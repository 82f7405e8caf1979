import fs from 'fs-extra';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { filesUnder, temporaryManager } from '../temporary-folder.ts';

type Manager = ReturnType<typeof temporaryManager>['manager'];

const { write } = fs;

/** Has the disk answer each write to it like this, the ledger's too. */
function fail(code: string): () => number {
  let calls = 0;
  Object.assign(fs, {
    write: async () => {
      calls++;
      throw Object.assign(new Error(`${code}: no space left`), { code });
    },
  });
  return () => calls;
}

function heal(): void {
  Object.assign(fs, { write });
}

afterEach(() => {
  heal();
  vi.restoreAllMocks();
});

async function put(manager: Manager, key: string, size: number): Promise<string> {
  try {
    await manager.put(key, sampleResponse(Buffer.alloc(size, `${key} `)), samplePolicy());
    return 'stored';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
  }
}

describe('a disk that is full', () => {
  it.each([
    ['ENOSPC', 10],
    ['ENOSPC', 100_000],
    ['EDQUOT', 10],
  ])('costs the response that it had no room for, and says so: %s, %i bytes', async (code, size) => {
    const { manager, path } = temporaryManager();
    await put(manager, 'before', 10);
    await manager.stats();
    fail(code);
    const response = sampleResponse(Buffer.alloc(size));
    await expect(manager.put('key', response, samplePolicy())).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_MANAGER',
      message: expect.stringContaining(code),
      cause: expect.objectContaining({ code }),
    });
    heal();
    expect(await storedText(manager, 'before')).toContain('before');
    expect(filesUnder(`${path}/cache-v2/incoming`)).toEqual([]);
    expect(filesUnder(`${path}/cache-v2/metadata`)).toHaveLength(1);
  });

  it('has what comes next take the room of what was used longest ago, for half a minute', async () => {
    let now = 1_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const { manager } = temporaryManager();
    for (const key of ['a', 'b', 'c', 'd']) expect(await put(manager, key, 10_000)).toBe('stored');
    fail('ENOSPC');
    expect(await put(manager, 'e', 10_000)).toBe('ERR_HTTP_CACHE_MANAGER');
    heal();
    expect(await put(manager, 'f', 10_000)).toBe('stored');
    expect(await put(manager, 'g', 10_000)).toBe('stored');
    expect(await manager.stats()).toMatchObject({ entries: 4, evictions: 2 });
    expect(await storedText(manager, 'b')).toBeUndefined();
    expect(await storedText(manager, 'c')).toContain('c');
    now += 31_000;
    expect(await put(manager, 'h', 10_000)).toBe('stored');
    expect(await manager.stats()).toMatchObject({ entries: 5, evictions: 2 });
  });

  it('is not written to again and again when nothing is left that could go', async () => {
    let now = 1_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const { manager } = temporaryManager();
    await manager.stats();
    const calls = fail('ENOSPC');
    expect(await put(manager, 'a', 100_000)).toBe('ERR_HTTP_CACHE_MANAGER');
    const before = calls();
    for (let n = 0; n < 20; n++)
      expect(await put(manager, 'a', 10_000)).toBe('ERR_HTTP_CACHE_ENTRY_TOO_LARGE');
    expect(calls()).toBe(before);
    heal();
    now += 31_000;
    expect(await put(manager, 'a', 10_000)).toBe('stored');
  });

  it('does not keep the ledger from being told later', async () => {
    const { manager, path } = temporaryManager();
    await put(manager, 'a', 10);
    await manager.stats();
    fail('ENOSPC');
    await manager.delete('a');
    heal();
    await manager.stats();
    await manager.close();
    expect(await temporaryManager({ path }).manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });
});
