import type { HttpCacheError } from '../../errors.ts';
import { HttpCache } from '../../http-cache.ts';
import type { StreamingManager } from '../../managers/disk/streaming-manager.ts';
import { filterOptions } from '../arguments/option.ts';
import { folderOperand, type Call, type Command } from '../command.ts';
import { exitCodes, UsageError } from '../command-errors.ts';
import { readFilter } from '../select/filter.ts';
import type { StoredEntry } from '../select/stored-entry.ts';
import { printEntry } from '../print-entry.ts';
import { inParallel } from '../store/in-parallel.ts';
import { formatBytes } from '../text/byte-size.ts';
import { jsonLine } from '../text/entry-json.ts';
import { plural } from '../text/plural.ts';
import { withStoreToChange, withStoreToRead } from '../with-store.ts';

/** How long the store may take over one removal, in milliseconds: a command line has the time. */
const PATIENCE = 60_000;

/** Removals that go on at once. */
const PARALLEL = 16;

/** Removes what a filter chooses. */
export const rm: Command = {
  name: 'rm',
  summary: 'remove stored responses',
  operands: [folderOperand],
  options: [
    ...filterOptions,
    { name: 'dry-run', says: 'list what would be removed, as ls does, and remove nothing' },
    { name: 'json', says: 'the counts as a JSON object, or the lines of --dry-run' },
  ],
  details: [
    'Needs at least one of the filters; of several, all have to hold. For everything there is "clear".',
    'With --url alone a URL is invalidated: all that is stored for it goes, for every method, and what a running program asked for before that stays out of the store. This leaves a small mark in the store until it is evicted. With other filters just the chosen responses go, and nothing is held back.',
  ],
  examples: [
    { line: "http-larder rm .cache/http --url 'https://example.com/*' --dry-run", says: 'look first' },
    { line: 'http-larder rm .cache/http --stale --older 7d', says: 'what is stale and above a week old' },
  ],
  nothing: 'nothing matched',
  run: remove,
};

async function remove(call: Call): Promise<number> {
  const { given, stdout, stderr } = call;
  const filter = readFilter(given);
  if (!filter.isGiven) {
    throw new UsageError('Nothing says what to remove: give --url, --fresh, --stale, --older or --status');
  }
  const isDryRun = given.flag('dry-run');
  const asJson = given.flag('json');
  const counts = { responses: 0, bytes: 0 };
  const ifChosen =
    (work: Remover): Remover =>
    async (entry) => {
      if (!filter.chooses(entry)) return;
      await work(entry);
      counts.responses++;
      counts.bytes += entry.size;
    };
  if (isDryRun) {
    const list = ifChosen(async (entry) => await printEntry(call, entry, asJson));
    await withStoreToRead(call, async ({ walk }) => {
      for await (const entry of walk()) await list(entry);
    });
  } else {
    await withStoreToChange(call, async ({ store, walk }) => {
      await inParallel(walk(), PARALLEL, ifChosen(makeRemover(call, store, filter.isOfUrlsOnly)));
    });
  }
  const { responses, bytes } = counts;
  const what = `${plural(responses, 'response')}, ${formatBytes(bytes)} of bodies`;
  if (!asJson) await stderr.line(isDryRun ? `Would remove ${what}` : `Removed ${what}`);
  else if (!isDryRun) await stdout.line(jsonLine({ removed: responses, bytes }));
  return responses === 0 ? exitCodes.nothing : exitCodes.ok;
}

type Remover = (entry: StoredEntry) => Promise<void>;

function makeRemover({ surroundings }: Call, manager: StreamingManager, invalidates: boolean): Remover {
  if (!invalidates) return async ({ cacheKey }) => await manager.delete(cacheKey);
  let fault: HttpCacheError | undefined;
  const cache = new HttpCache({
    manager,
    managerTimeout: PATIENCE,
    clock: surroundings,
    onEvent: (event) => {
      if (event.type === 'error') fault ??= event.error;
    },
  });
  return async ({ cacheKey, primary }) => {
    // What a program stored under a key of its own, past the cache, has nothing to invalidate.
    if (!isUrl(primary)) return await manager.delete(cacheKey);
    await cache.delete(primary);
    if (fault !== undefined) throw fault;
    // Nothing leads to its variants any more, but they take room.
    if (cacheKey !== primary) await manager.delete(cacheKey);
  };
}

function isUrl(key: string): boolean {
  return /^https?:/i.test(key) && URL.canParse(key);
}
