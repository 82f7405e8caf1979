import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { HttpCache } from '../../../src/http-cache.ts';
import type { CacheOutcome } from '../../../src/engine/cache-info.ts';
import { clientRows, read } from '../clients.ts';
import { block } from '../large-bodies.ts';
import { answerParent, collectGarbage, taskOfParent } from '../../helpers/parent-process.ts';

/** One large body that is streamed through a client. */
export interface LargeBodyTask {
  readonly client: 'axios' | 'got';
  readonly origin: string;
  readonly path: string;
  /** Where the cache stores: a folder, or memory; without it there is no cache. */
  readonly store: { readonly folder: string } | 'memory' | undefined;
}

/** What came of it. */
export interface LargeBodyMeasures {
  readonly outcome: CacheOutcome | undefined;
  readonly length: number;
  /** How much the resident memory of the process grew at most, in bytes. */
  readonly growth: number;
}

answerParent(await measure((await taskOfParent()) as LargeBodyTask));

async function measure(task: LargeBodyTask): Promise<LargeBodyMeasures> {
  const manager = managerOf(task.store);
  const cache = manager && new HttpCache({ manager });
  const client = clientRows.find((row) => row.client === task.client)?.connect(cache);
  if (client === undefined) throw new Error(`There is no client ${task.client}.`);
  // What is loaded, compiled and allocated once is not to be counted.
  for (let time = 0; time < 5; time += 1) await read(client, `${task.origin}/small`);
  await collectGarbage();

  const before = process.memoryUsage.rss();
  let peak = before;
  let length = 0;
  const { body, info } = await client.open(`${task.origin}${task.path}`);
  for await (const chunk of body) {
    expectPart(chunk, length);
    length += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  await cache?.close();
  return { outcome: info?.outcome, length, growth: peak - before };
}

function managerOf(store: LargeBodyTask['store']): MemoryManager | StreamingManager | undefined {
  if (store === undefined) return undefined;
  return store === 'memory' ? new MemoryManager() : new StreamingManager({ path: store.folder, minFree: 0 });
}

/** Every byte is compared, at next to no cost in memory. */
function expectPart(chunk: Buffer, position: number): void {
  for (let at = 0; at < chunk.length;) {
    const from = (position + at) % block.length;
    const length = Math.min(chunk.length - at, block.length - from);
    if (block.compare(chunk, at, at + length, from, from + length) !== 0)
      throw new Error(`The body is wrong in the ${length} bytes after ${position + at}.`);
    at += length;
  }
}
