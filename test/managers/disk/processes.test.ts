import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from './temporary-folder.ts';
import { compileSources, endOf, messageOf, startLimitedWorker, startWorker } from './worker.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let compiled = '';
beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), 'http-larder-compiled-'));
  compileSources(compiled);
  return () => rmSync(compiled, { recursive: true });
});

const PRELUDE = `
import { createHash } from 'node:crypto';
import { StreamingManager } from './managers/disk/streaming-manager.js';
const [path, seed] = process.argv.slice(2);
const head = { url: 'http://origin.test/', status: 200, statusText: 'OK', httpVersion: '1.1', headers: [], trailers: [] };
const policy = (id) => ({ ...${JSON.stringify(samplePolicy())}, id });
const manager = new StreamingManager({ path, minFree: 0, maxSize: 8 * 1024 * 1024, maxEntrySize: 1024 * 1024 });
`;

describe('another process', () => {
  it('finds what this one stored, and the other way round', async () => {
    const { manager, path } = temporaryManager();
    const large = 'large '.repeat(50_000);
    await manager.put('small', sampleResponse('small'), samplePolicy());
    await manager.put('large', sampleResponse(large), samplePolicy());
    const worker = startWorker(
      compiled,
      `${PRELUDE}
      const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
      const found = [];
      for (const key of ['small', 'large']) found.push(digest((await manager.get(key)).response.body));
      await manager.put('small', { ...head, body: Buffer.from('of the other') }, policy('other'));
      process.send([...found, Buffer.from(manager.secret()).toString('hex')]);
      await manager.close();
      process.disconnect();`,
      [path],
    );
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
    const secret = Buffer.from(manager.secret()).toString('hex');
    expect(await messageOf(worker)).toEqual([digest('small'), digest(large), secret]);
    expect(await endOf(worker)).toBe(0);
    expect(await storedText(manager, 'small')).toBe('of the other');
    expect((await manager.get('small'))?.policy).toEqual(samplePolicy('other'));
  });

  it('that is killed in the middle of a body leaves nothing visible, and no error', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('key', sampleResponse('old'), samplePolicy());
    const worker = startWorker(
      compiled,
      `${PRELUDE}
      for (const key of ['key', 'new']) {
        const writer = await manager.putStream(key, head, policy('x'));
        for (let n = 0; n < 20; n++) await writer.write(Buffer.alloc(40_000, n));
      }
      process.send('written');
      setInterval(() => {}, 1000);`,
      [path],
    );
    await messageOf(worker);
    worker.kill('SIGKILL');
    await endOf(worker);
    expect(filesUnder(`${path}/cache-v2/incoming`)).toHaveLength(2);
    expect(await storedText(manager, 'key')).toBe('old');
    expect(await storedText(manager, 'new')).toBeUndefined();
    expect(await manager.stats()).toMatchObject({ entries: 1, bytes: 4096 });
    await manager.put('new', sampleResponse('new'), samplePolicy());
    expect(await storedText(manager, 'new')).toBe('new');
  });

  it('is no reason to wait for its end when nothing is under way', async () => {
    const worker = startWorker(
      compiled,
      `${PRELUDE}
      await manager.put('key', { ...head, body: Buffer.from('x') }, policy('x'));
      manager.getStream('key');
      process.disconnect();`,
      [temporaryFolder()],
    );
    expect(await endOf(worker)).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('a process at its limits', () => {
  it('stores nothing of a body that the disk does not take, and goes on', async () => {
    const path = temporaryFolder();
    const worker = startLimitedWorker(
      compiled,
      `${PRELUDE}
      const code = (promise) => promise.then(() => 'stored', (error) => error.code);
      const codes = [];
      for (const size of [500_000, 10_000, 500_001]) {
        codes.push(await code(manager.put('key', { ...head, body: Buffer.alloc(size) }, policy('x'))));
      }
      codes.push((await manager.get('key')).response.body.length);
      process.send(codes);
      await manager.close();
      process.disconnect();`,
      { ulimit: '-f 400', args: [path] },
    );
    expect(await messageOf(worker)).toEqual(['EFBIG', 'stored', 'EFBIG', 10_000]);
    expect(await endOf(worker)).toBe(0);
    expect(filesUnder(`${path}/cache-v2/metadata`)).toHaveLength(1);
    expect(filesUnder(`${path}/cache-v2/content`)).toEqual([]);
  });

  it('waits for descriptors when it has no more of them', async () => {
    const worker = startLimitedWorker(
      compiled,
      `${PRELUDE}
      const keys = Array.from({ length: 20 }, (_, n) => 'key ' + n);
      for (const key of keys) await manager.put(key, { ...head, body: Buffer.alloc(100_000, key) }, policy(key));
      const look = async (key) => (await manager.get(key))?.response.body.length;
      const found = await Promise.all([...keys, ...keys, ...keys].map(look));
      process.send(found.filter((length) => length === 100_000).length);
      await manager.close();
      process.disconnect();`,
      { ulimit: '-n 64', args: [temporaryFolder()] },
    );
    expect(await messageOf(worker)).toBe(60);
    expect(await endOf(worker)).toBe(0);
  });
});

/** Puts, gets, freshens and deletes at random; the body tells its key and version, and so does the policy. */
const HAMMER = `${PRELUDE}
const text = (key, version) => (key + ':' + version + ';').repeat(version % 3 === 0 ? 30_000 : 10);
const keys = Array.from({ length: 24 }, (_, n) => 'key ' + n);
const pick = () => keys[Math.floor(Math.random() * keys.length)];
let faults = 0, hits = 0;
const fault = (what) => { faults++; process.send({ fault: what }); };
const step = async () => {
  const key = pick(), version = Math.floor(Math.random() * 9), dice = Math.random();
  try {
    if (dice < 0.3) await manager.put(key, { ...head, statusText: String(version), body: Buffer.from(text(key, version)) }, policy(key));
    else if (dice < 0.35) await manager.delete(key);
    else if (dice < 0.45) {
      const stored = await manager.getStream(key);
      stored?.release();
      if (stored) await manager.updateMetadata(key, stored.token, { ...stored.head, status: 203 }, stored.policy);
    } else {
      const entry = await manager.get(key);
      if (!entry) return;
      hits++;
      const expected = text(key, Number(entry.response.statusText));
      if (Buffer.from(entry.response.body).toString() !== expected || entry.policy.id !== key) fault('wrong body for ' + key);
    }
  } catch (error) { fault(String(error?.stack ?? error)); }
};
process.send('ready');
const end = Date.now() + Number(seed);
await Promise.all(Array.from({ length: 4 }, async () => { while (Date.now() < end) await step(); }));
await manager.close();
process.send({ done: { faults, hits } });
process.disconnect();
`;

interface HammerMessage {
  readonly fault?: string;
  readonly done?: { readonly faults: number; readonly hits: number };
}

describe('several processes on one folder', () => {
  it('never serve a wrong body and never fail, also while some are killed', { timeout: 60_000 }, async () => {
    const path = temporaryFolder();
    const faults: string[] = [];
    let hits = 0;
    const start = (milliseconds: number): ReturnType<typeof startWorker> => {
      const worker = startWorker(compiled, HAMMER, [path, String(milliseconds)]);
      worker.on('message', ({ fault, done }: HammerMessage) => {
        if (fault !== undefined) faults.push(fault);
        hits += done?.hits ?? 0;
      });
      return worker;
    };
    const steady = [start(4_000), start(4_000)];
    for (let kills = 0; kills < 6; kills++) {
      const victim = start(60_000);
      await messageOf(victim);
      // Not a wait for something to happen: the moment of the kill is what varies.
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 200));
      victim.kill('SIGKILL');
      await endOf(victim);
    }
    for (const worker of steady) expect(await endOf(worker)).toBe(0);
    expect(faults).toEqual([]);
    expect(hits).toBeGreaterThan(100);
    const { manager } = temporaryManager({ path });
    for await (const { cacheKey } of manager.entries()) expect(await manager.get(cacheKey)).toBeDefined();
  });
});
