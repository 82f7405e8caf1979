import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyHash, Layout } from '../../../../src/managers/disk/format/layout.ts';
import type { VerifyProblem } from '../../../../src/managers/disk/verify/verify-report.ts';
import { samplePolicy, sampleResponse } from '../../samples.ts';
import { temporaryFolder, temporaryManager } from '../temporary-folder.ts';
import { compileSources, endOf, messageOf, startWorker } from '../worker.ts';

let compiled = '';
beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), 'http-larder-compiled-'));
  compileSources(compiled);
  return () => rmSync(compiled, { recursive: true });
});

const KEPT = 16;

/** Puts, gets, freshens and deletes some keys at random, and freshens and reads others, which must always be there. */
const HAMMER = `
import { StreamingManager } from './managers/disk/streaming-manager.js';
const [path] = process.argv.slice(2);
const head = { url: 'http://origin.test/', status: 200, statusText: 'OK', httpVersion: '1.1', headers: [], trailers: [] };
const policy = ${JSON.stringify(samplePolicy())};
const manager = new StreamingManager({ path, minFree: 0 });
const below = (n) => Math.floor(Math.random() * n);
const faults = [];
let steps = 0, isOver = false;
const change = async (key) => {
  const version = below(9);
  const dice = Math.random();
  if (dice < 0.5) await manager.put(key, { ...head, body: Buffer.alloc(version % 3 === 0 ? 300_000 : 100, version) }, policy);
  else if (dice < 0.7) await manager.delete(key);
  else await manager.get(key);
};
const freshen = async (key) => {
  const stored = await manager.getStream(key);
  stored?.release();
  if (stored === undefined) faults.push(key + ' is gone');
  else await manager.updateMetadata(key, stored.token, { ...stored.head, status: 200 + below(10) }, stored.policy);
};
const step = async () => {
  steps++;
  if (Math.random() < 0.7) await change('key ' + below(24));
  else await freshen('kept ' + below(${KEPT}));
};
process.on('message', () => (isOver = true));
process.send('ready');
const loop = async () => { while (!isOver) await step().catch((error) => faults.push(String(error?.stack ?? error))); };
await Promise.all([loop(), loop(), loop()]);
await manager.close();
process.send({ steps, faults });
process.disconnect();
`;

describe('verify beside processes that store, freshen and remove', () => {
  it('drops nothing that is right and reports nothing that is not wrong', { timeout: 60_000 }, async () => {
    const { manager, path } = temporaryManager();
    for (let n = 0; n < KEPT; n++) {
      const body = Buffer.alloc(n % 2 === 0 ? 100 : 300_000, n);
      await manager.put(`kept ${n}`, sampleResponse(body), samplePolicy());
    }
    const workers = [0, 1, 2].map(() => startWorker(compiled, HAMMER, [path]));
    for (const worker of workers) await messageOf(worker);
    const problems: VerifyProblem[] = [];
    for (let run = 0; run < 12; run++) {
      const report = await manager.verify({
        mend: run % 4 !== 0,
        onProblem: (problem) => problems.push(problem),
      });
      expect(report.entries).toBeGreaterThanOrEqual(KEPT);
    }
    for (const worker of workers) {
      const ended = messageOf(worker);
      worker.send('end');
      const { steps, faults } = Object(await ended);
      expect(faults).toEqual([]);
      expect(steps).toBeGreaterThan(20);
      expect(await endOf(worker)).toBe(0);
    }
    expect(problems).toEqual([]);
    const report = await manager.verify({ onProblem: (problem) => problems.push(problem) });
    expect(problems).toEqual([]);
    expect(await manager.stats()).toMatchObject({ entries: report.entries });
  });
});

/** Gives up the rights of root, which no permission binds. */
const AS_NOBODY = `
import { chmodSync } from 'node:fs';
import { StreamingManager } from './managers/disk/streaming-manager.js';
const [path, unreadable] = process.argv.slice(2);
process.setgid?.(65534);
process.setuid?.(65534);
const head = { url: 'http://origin.test/', status: 200, statusText: 'OK', httpVersion: '1.1', headers: [], trailers: [] };
const manager = new StreamingManager({ path, minFree: 0 });
await manager.put('small', { ...head, body: Buffer.from('small') }, ${JSON.stringify(samplePolicy())});
await manager.put('other', { ...head, body: Buffer.from('other') }, ${JSON.stringify(samplePolicy())});
chmodSync(unreadable, 0);
const problems = [];
const report = await manager.verify({ onProblem: (problem) => problems.push(problem) });
chmodSync(unreadable, 0o600);
const after = await manager.verify();
process.send({ entries: report.entries, problems, after: [after.entries, after.problems] });
await manager.close();
process.disconnect();
`;

describe.runIf(process.getuid?.() === 0)('verify by somebody who may not read all', () => {
  it('reports what it cannot read, and drops nothing of it', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o700);
    chownSync(folder, 65_534, 65_534);
    chmodSync(compiled, 0o755);
    const unreadable = new Layout(folder).entry(keyHash('small'));
    const worker = startWorker(compiled, AS_NOBODY, [folder, unreadable]);
    expect(await messageOf(worker)).toEqual({
      entries: 1,
      problems: [{ kind: 'unreadable', path: unreadable, code: 'EACCES', mended: false }],
      after: [2, 0],
    });
    expect(await endOf(worker)).toBe(0);
  });
});
