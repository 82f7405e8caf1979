import { globalAgent } from 'node:http';
import type { CacheEventType } from '../../../src/engine/events.ts';
import { type CacheStats, HttpCache } from '../../../src/http-cache.ts';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { clientRows } from '../clients.ts';
import { answerParent, collectGarbage, taskOfParent } from '../../helpers/parent-process.ts';
import { takeStep } from './soak-steps.ts';
import { listenersOfIdleConnections, settle, type VitalSigns, vitalSigns } from './vital-signs.ts';

/** What a soak is to do. */
export interface SoakTask {
  readonly origin: string;
  readonly steps: number;
  /** A folder to store in; in memory without it. */
  readonly folder?: string;
}

/** What came of it. */
export interface SoakReport {
  /** What should not have happened. */
  readonly faults: readonly string[];
  readonly before: VitalSigns;
  readonly after: VitalSigns;
  /** At a quarter of the steps and at the end, when all was quiet. */
  readonly rests: readonly Rest[];
  readonly stats: CacheStats;
  /** How many entries the manager lists. */
  readonly listed: number;
  /** What the cache told its observer. */
  readonly events: Readonly<Record<string, number>>;
}

/** A moment at which nothing is under way. */
export interface Rest {
  /** Bytes of memory in use, buffers included, stored bodies not. */
  readonly memory: number;
  readonly listenersOfConnections: number;
}

/** Requests that are under way at once. */
const concurrency = 16;
/** So that what is fresh for a second is fresh for a hundred steps. */
const msPerStep = 10;

const task = (await taskOfParent()) as SoakTask;
const faults: string[] = [];
process.on('warning', (warning) => faults.push(`${warning.name}: ${warning.message}`));
process.on('unhandledRejection', (error) => faults.push(`unhandled: ${String(error)}`));
// What loading modules has left.
await settle(() => !process.getActiveResourcesInfo().includes('CloseReq'));
const before = vitalSigns();

const events: Record<string, number> = {};
const clock = new SettableClock(Date.now());
const limits = { maxSize: 4_000_000, maxEntrySize: 1_000_000 };
const manager =
  task.folder === undefined
    ? new MemoryManager(limits)
    : new StreamingManager({ ...limits, path: task.folder, minFree: 0 });
const cache = new HttpCache({
  manager,
  clock,
  managerTimeout: 30_000,
  onEvent: (event) => {
    const type: CacheEventType | 'freshen' =
      event.type === 'store' && event.freshened ? 'freshen' : event.type;
    events[type] = (events[type] ?? 0) + 1;
    // A machine that is busy with other things is no fault of the cache.
    if (event.type === 'error' && event.error.code !== 'ERR_HTTP_CACHE_STORE_TOO_SLOW')
      faults.push(`${event.operation}: ${event.error.message}`);
  },
});
let seed = 1;
const clients = clientRows.map(({ connect }) => connect(cache));

const rests = [await soak(task.steps / 4), await soak((task.steps * 3) / 4)];
const stats = await cache.stats();
const listed = await entriesOf(manager);
await cache.close();
globalAgent.destroy();
await settle(() => JSON.stringify(vitalSigns()) === JSON.stringify(before));
const report: SoakReport = { faults, before, after: vitalSigns(), rests, stats, listed, events };
answerParent(report);

async function soak(steps: number): Promise<Rest> {
  let taken = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (taken < steps) {
        const client = clients[taken % clients.length];
        taken += 1;
        clock.advance(msPerStep);
        if (client === undefined) continue;
        await takeStep({ client, cache, origin: task.origin, chance }).catch((error: unknown) => {
          faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
        });
      }
    }),
  );
  await cache.idle();
  await collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  const stored = task.folder === undefined ? ((await cache.stats()).manager?.bytes ?? 0) : 0;
  return { memory: heapUsed + external - stored, listenersOfConnections: listenersOfIdleConnections() };
}

async function entriesOf(store: MemoryManager | StreamingManager): Promise<number> {
  let count = 0;
  for await (const { cacheKey } of store.entries()) count += cacheKey === '' ? 0 : 1;
  return count;
}

/** The generator mulberry32. */
function chance(): number {
  seed = (seed + 0x6d_2b_79_f5) | 0;
  let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
}
