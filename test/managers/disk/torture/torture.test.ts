import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import type { VerifyProblem } from '../../../../src/managers/disk/verify/verify-report.ts';
import { compileChildren } from '../../../helpers/child-process.ts';
import { takeCensus } from './census.ts';
import { faultsIn } from './history.ts';
import { LEFT_BEHIND, leftoversIn } from './leftovers.ts';
import { torture, type Torture } from './torture.ts';
import { bodyOf, toldBy } from './told-response.ts';

/** For the long torture, `npm run torture`, which also tells its figures. */
const longSeconds = process.env['TORTURE_SECONDS'];
const firstSeed = Number(process.env['TORTURE_SEED'] ?? Date.now() % 2 ** 32);

const MIB = 1024 * 1024;
const HOUR = 60 * 60_000;
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

type Row = Omit<Torture, 'folder' | 'seed' | 'milliseconds'> & { readonly name: string; readonly on: string };

const rows: readonly Row[] = [
  {
    name: 'bytes are scarce',
    on: memory,
    options: { maxSize: 8 * MIB, maxEntrySize: 2 * MIB, minFree: 0 },
    keys: 300,
    slowness: 0.02,
    links: true,
  },
  {
    name: 'entries are scarce',
    on: tmpdir(),
    options: { maxSize: 64 * MIB, maxEntries: 200, minFree: 0 },
    keys: 1_000,
    slowness: 0.02,
    links: true,
  },
  {
    name: 'few keys are fought for',
    on: memory,
    options: { maxSize: 64 * MIB, minFree: 0 },
    keys: 6,
    slowness: 0.1,
    links: true,
  },
  {
    name: 'there are no links',
    on: memory,
    options: { maxSize: 16 * MIB, maxEntrySize: 1 * MIB, minFree: 0 },
    keys: 40,
    slowness: 0.02,
    links: false,
  },
];

const children = compileChildren('test/managers/disk/torture', ['test/managers/samples.ts']);
afterAll(() => children[Symbol.dispose]());

/** The longest that one folder is tortured: what is kept of it in memory, and on disk beside it, grows with the time. */
const LONGEST = 5 * 60_000;

const perRow = (Number(longSeconds ?? 30) * 1_000) / rows.length;
const rounds = Math.ceil(perRow / LONGEST);
const milliseconds = perRow / rounds;
const turns = Array.from({ length: rounds }, (_, round) =>
  rows.map((row, index) => ({ row, name: row.name, seed: firstSeed + round * rows.length + index })),
).flat();

describe.runIf(process.platform === 'linux').each(turns)(
  'processes on one folder, where $name',
  ({ row, seed }) => {
    it(
      `survive kills at any moment (TORTURE_SEED=${seed})`,
      { timeout: 60_000 + 2 * milliseconds },
      async () => {
        const folder = mkdtempSync(join(row.on, 'http-larder-torture-'));
        onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
        const { journals, reports, sizes, kills } = await torture(children, {
          ...row,
          folder,
          seed,
          milliseconds,
        });
        const path = join(folder, 'store');
        const { root } = new Layout(path);
        if (longSeconds !== undefined) {
          const largest = Math.max(...sizes.map(({ published }) => published)) / row.options.maxSize;
          const most = Math.max(...sizes.map((size) => size.entries));
          const lines = journals.reduce((sum, journal) => sum + journal.length, 0);
          const figures = {
            seed,
            kills,
            lines,
            largest,
            entries: most,
            memory: reports.map((one) => one.memory),
          };
          process.stdout.write(`${row.name}: ${JSON.stringify(figures)}\n`);
        }
        expect(faultsIn(journals)).toEqual([]);
        for (const { descriptors, memory } of reports) {
          expect(descriptors[1]).toBe(descriptors[0]);
          expect(memory[1] - memory[0]).toBeLessThan(8 * MIB);
        }

        const { maxSize, maxEntrySize = 0, maxEntries = Number.POSITIVE_INFINITY } = row.options;
        for (const { published, entries } of sizes) {
          // Two that publish in one moment know of each other afterwards: one body more, for as long as that takes.
          expect(published).toBeLessThan(1.05 * maxSize + maxEntrySize);
          expect(entries).toBeLessThanOrEqual(1.05 * maxEntries);
        }
        // What was left is old enough by now to be nobody's any more.
        const clock = { now: () => Date.now() + HOUR };
        const manager = new StreamingManager({ ...row.options, path, clock });
        expect((await manager.stats()).bytes - takeCensus(root).published).toBeLessThan(0.05 * maxSize);
        const problems: VerifyProblem[] = [];
        await manager.verify({ onProblem: (problem) => void problems.push(problem) });
        expect(problems.filter(({ kind, mended }) => !mended || !LEFT_BEHIND.has(kind))).toEqual([]);
        expect(leftoversIn(path)).toEqual({ surplus: [], missing: [] });
        let listed = 0;
        for await (const entry of manager.entries()) {
          const told = toldBy(entry.cacheKey, entry);
          const { response } = (await manager.get(entry.cacheKey)) ?? {};
          const expected = typeof told === 'string' ? told : bodyOf(told.key, told.put);
          expect(response !== undefined && Buffer.from(response.body).equals(Buffer.from(expected))).toBe(
            true,
          );
          listed++;
        }
        const { published, entries } = takeCensus(root);
        expect(entries).toBe(listed);
        const stats = await manager.stats();
        expect(stats.entries).toBe(listed);
        // Parts of shared bodies do not add up to whole bytes.
        expect(Math.abs(stats.bytes - published)).toBeLessThanOrEqual(listed);
        await manager.close();
      },
    );
  },
);
