// @ts-check
// Fills a store with small entries, faster than through the manager: entry files in its format, written one by one. A
// process of its own, as it takes memory. Arguments: the folder, how many, head and policy in JSON.
import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StreamingManager } from 'http-larder/disk';
import { innerModules } from '../inner-modules.mjs';
import { keyOf, limits } from './scaled-store.mjs';

const format = 'managers/disk/format';
const [{ encodeEntry }, { keyHash, Layout }] =
  /** @type {[typeof import('../../src/managers/disk/format/entry-record.ts'), typeof import('../../src/managers/disk/format/layout.ts')]} */ (
    /** @type {unknown} */ (await innerModules([`${format}/entry-record.ts`, `${format}/layout.ts`]))
  );

const [path = '', entries = '', sample = ''] = process.argv.slice(2);
const { head, policy } = JSON.parse(sample);
const body = Buffer.alloc(1024, 'x');

// It is not to count what it did not store itself before all of that is there.
await new StreamingManager({ path, ...limits }).close();
const layout = new Layout(path);
const parent = process.ppid;
for (let index = 0; index < Number(entries); index += 1) {
  const cacheKey = keyOf(index);
  const file = layout.entry(keyHash(cacheKey));
  if (index < 4096 && !existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const record = encodeEntry(
    { cacheKey, revision: `revision-${index}`, size: body.length, separate: undefined, head, policy },
    body,
  );
  const descriptor = openSync(file, 'wx', 0o600);
  writeSync(descriptor, record);
  closeSync(descriptor);
  // Who started this may have been stopped, and has removed the folder.
  if (process.ppid !== parent) process.exit(1);
}

// From now on the store knows what it holds, as any store does that was filled in the usual way.
const manager = new StreamingManager({ path, ...limits });
await manager.put(keyOf(0), { ...head, body }, policy);
const { entries: counted } = await manager.stats();
await manager.close();
if (Math.abs(counted - Number(entries)) > 0.001 * Number(entries)) {
  throw new Error(`The store counts ${counted} entries, not ${entries}`);
}
