import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import { Ledger } from '../../../../src/managers/disk/limits/ledger.ts';
import { samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from '../temporary-folder.ts';
import { compileSources, endOf, messageOf, startWorker } from '../worker.ts';

let compiled = '';
beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), 'http-larder-compiled-'));
  compileSources(compiled);
  return () => rmSync(compiled, { recursive: true });
});

const MAX_SIZE = 24 * 1024 * 1024;
const MAX_ENTRIES = 600;

/** Puts all the time, small and large; tells when it has begun, and what went wrong. */
const PUTTING = `
import { StreamingManager } from './managers/disk/streaming-manager.js';
const [path, seed] = process.argv.slice(2);
const head = { url: 'http://origin.test/', status: 200, statusText: 'OK', httpVersion: '1.1', headers: [], trailers: [] };
const policy = ${JSON.stringify(samplePolicy())};
const limits = { maxSize: ${MAX_SIZE}, maxEntrySize: 1_000_000, maxEntries: ${MAX_ENTRIES} };
const manager = new StreamingManager({ path, minFree: 0, ...limits });
const put = async () => {
  const size = Math.random() < 0.3 ? 40_000 + Math.random() * 200_000 : Math.random() * 20_000;
  const key = seed + Math.floor(Math.random() * 5_000);
  await manager.put(key, { ...head, body: Buffer.alloc(Math.floor(size), key) }, policy);
};
process.on('message', () => process.exit());
process.send({});
await Promise.all(Array.from({ length: 2 }, async () => {
  for (;;) await put().catch((error) => process.send({ fault: String(error.stack) }));
}));
`;

interface Taken {
  readonly bytes: number;
  readonly entries: number;
}

/** What the entries and the bodies under way take, each file once however many links it has. */
function takenUnder(root: string): Taken {
  const files = new Map<number, number>();
  let entries = 0;
  for (const name of [
    ...filesUnder(`${root}/metadata`).map((file) => `metadata/${file}`),
    ...filesUnder(`${root}/incoming`).map((file) => `incoming/${file}`),
  ]) {
    const stats = lstatSync(`${root}/${name}`, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    files.set(stats.ino, stats.blocks * 512);
    if (/^metadata\/..\/[0-9a-f]{62}$/.test(name)) entries++;
  }
  return { bytes: [...files.values()].reduce((sum, size) => sum + size, 0), entries };
}

describe('several processes that store all the time, while some are killed', () => {
  it('keep their limits together', { timeout: 60_000 }, async () => {
    const path = temporaryFolder();
    const { manager } = temporaryManager({ path });
    await manager.put('key', sampleResponse('x'), samplePolicy());
    const faults: string[] = [];
    const start = async (seed: string): Promise<ReturnType<typeof startWorker>> => {
      const worker = startWorker(compiled, PUTTING, [path, seed]);
      await messageOf(worker);
      worker.on('message', ({ fault }: { fault?: string }) => {
        if (fault !== undefined) faults.push(fault);
      });
      return worker;
    };
    const workers = await Promise.all(['a', 'b', 'c', 'd'].map(start));
    const root = `${path}/cache-v2`;
    const samples: Taken[] = [];
    for (let round = 0; round < 12; round++) {
      // Not a wait for something to happen: the moment of the kill is what varies.
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 100));
      samples.push(takenUnder(root));
      if (round % 2 === 0) continue;
      const victim = workers.shift();
      victim?.kill('SIGKILL');
      workers.push(await start(`${round} `));
    }
    for (const worker of workers) {
      worker.kill('SIGKILL');
      await endOf(worker);
    }
    expect(faults).toEqual([]);
    expect(Math.max(...samples.map(({ bytes }) => bytes))).toBeLessThan(MAX_SIZE * 1.05);
    expect(Math.max(...samples.map(({ entries }) => entries))).toBeLessThan(MAX_ENTRIES * 1.05);
    // One of the two limits is what they came to.
    const fullest = samples.map(({ bytes, entries }) => Math.max(bytes / MAX_SIZE, entries / MAX_ENTRIES));
    expect(Math.max(...fullest)).toBeGreaterThan(0.9);
  });
});

describe('an entry that another process uses', () => {
  it('is not evicted before one that nobody uses, once that use was written', async () => {
    const path = temporaryFolder();
    const [reader, writer] = [0, 1].map(() => temporaryManager({ path, maxEntries: 3 }).manager);
    if (reader === undefined || writer === undefined) throw new Error('no managers');
    for (const key of ['a', 'b', 'c']) await writer.put(key, sampleResponse(key), samplePolicy());
    await reader.getStream('a');
    await reader.close();
    await writer.put('d', sampleResponse('d'), samplePolicy());
    expect(await storedText(writer, 'a')).toBe('a');
    expect(await storedText(writer, 'b')).toBeUndefined();
  });
});

describe('a process that starts on a large store', () => {
  it('takes what is stored from the ledger, and looks at none of it', async () => {
    const path = temporaryFolder();
    const { manager: before } = temporaryManager({ path });
    await before.put('a', sampleResponse('a'), samplePolicy());
    await before.stats();
    await before.close();
    const ledger = new Ledger(new Layout(path));
    for (let account = 0; account < 256; account++) {
      ledger.record({ kind: 'set', account, bytes: 4_000 * 4_096, entries: 4_000 });
    }
    await ledger.exchange();
    await ledger.close();
    const { manager } = temporaryManager({ path, maxSize: 2 ** 40, maxEntries: 2_000_000 });
    await manager.put('b', sampleResponse('b'), samplePolicy());
    expect(await manager.stats()).toMatchObject({ entries: 1_024_001, bytes: 1_024_001 * 4_096 });
  });
});
