import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tempDir } from '../helpers/temp-dir.ts';
import { compileChildren } from '../helpers/child-process.ts';
import type { SoakReport, SoakTask } from './children/soak.ts';
import { startSoakOrigin } from './soak-origin.ts';

/** For the long soak, `npm run soak`, which also tells its figures. */
const longSteps = process.env['SOAK_STEPS'];
const steps = Number(longSteps ?? 1500);

const children = compileChildren('test/streams');
afterAll(() => children[Symbol.dispose]());

describe.each(['memory', 'disk'])(`${steps} mixed requests of both clients with one cache in %s`, (store) => {
  it('leave nothing behind, and go as they should', { timeout: 30_000 + steps * 20 }, async () => {
    await using origin = await startSoakOrigin();
    await using folder = await tempDir();
    const task: SoakTask = {
      origin: origin.url,
      steps,
      ...(store === 'disk' ? { folder: join(folder.path, 'store') } : {}),
    };
    const report = (await children.run('soak.ts', task)) as SoakReport;
    const { faults, before, after, rests, stats, listed, events } = report;
    if (longSteps !== undefined) process.stdout.write(`${store}: ${JSON.stringify(report, null, 2)}\n`);
    expect(faults).toEqual([]);
    expect(after).toEqual(before);

    const [early, late] = rests;
    expect(late?.memory).toBeLessThan((early?.memory ?? 0) + 4_000_000);
    expect(late?.listenersOfConnections).toBe(early?.listenersOfConnections);

    const { outcomes, stored, freshened, dropped, invalidated, errors, manager } = stats;
    const answered = Object.values(outcomes).reduce((sum, count) => sum + count);
    expect({ answered, stored, freshened, dropped, invalidated, errors }).toEqual({
      answered: events['response'],
      stored: events['store'],
      freshened: events['freshen'],
      dropped: events['drop'],
      invalidated: events['invalidate'],
      errors: events['error'] ?? 0,
    });
    expect(manager?.bytes).toBeLessThanOrEqual(manager?.maxBytes ?? 0);
    expect(manager?.entries).toBe(listed);
    expect(Object.entries(outcomes).filter(([, count]) => count === 0)).toEqual([['unsatisfiable', 0]]);
  });
});
