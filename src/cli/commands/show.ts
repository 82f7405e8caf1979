import { filterOptions } from '../arguments/option.ts';
import { folderOperand, type Call, type Command } from '../command.ts';
import { CommandError, exitCodes, UsageError } from '../command-errors.ts';
import type { StoreReader } from '../../managers/disk/store-reader.ts';
import { printBody } from '../print-body.ts';
import { readFilter } from '../select/filter.ts';
import type { StoredEntry } from '../select/stored-entry.ts';
import { jsonLine } from '../text/entry-json.ts';
import { entryDetailsJson, entryDetails } from '../text/entry-details.ts';
import { plural } from '../text/plural.ts';
import { visible } from '../text/visible.ts';
import { withStoreToRead, type OpenStore } from '../with-store.ts';

/** The most that is shown at once: it is gathered first, to be numbered. */
const MOST = 1_000;

/** Shows all that is stored for a URL. */
export const show: Command = {
  name: 'show',
  summary: 'show all that is stored for a URL',
  operands: [folderOperand, { name: 'url', says: 'a URL, or a pattern with *' }],
  options: [
    ...filterOptions.filter(({ name }) => name !== 'url'),
    { name: 'body', says: 'write the stored bytes of the body to stdout, and nothing else' },
    { name: 'variant', value: '<number>', says: 'only this one of several' },
    { name: 'json', says: 'one JSON object a line' },
  ],
  details: [
    'Tells of each stored response what selects it, why it is fresh or not in the terms of RFC 9111, its fields, and where it is. Freshness is by the default options of a cache: what a program gives (minTtl, maxTtl, defaultTtl, heuristic) is not in the store.',
    'The body is written as it was received, still content-encoded. What does not match its digest ends in an error, before its last bytes were written.',
  ],
  examples: [
    { line: 'http-larder show .cache/http https://example.com/', says: 'every variant' },
    {
      line: 'http-larder show .cache/http https://example.com/ --variant 2 --body | gunzip',
      says: 'one body',
    },
  ],
  nothing: 'nothing matched',
  run: showAll,
};

async function showAll(call: Call): Promise<number> {
  const { given } = call;
  const [folder = '', url = ''] = given.operands;
  const filter = readFilter(given, url);
  const number = readNumber(given.value('variant'));
  if (given.flag('body') && given.flag('json')) {
    throw new UsageError('--body writes the bytes of the body alone: leave out --json');
  }
  return await withStoreToRead(call, async (store) => {
    const found = await gather(store, filter.chooses);
    const chosen = number === undefined ? found : found.slice(number - 1, number);
    store.progress.clear();
    if (found.length === 0)
      throw new CommandError(exitCodes.nothing, `Nothing is stored for ${visible(call.masker.url(url))}`);
    if (chosen.length === 0) {
      throw new CommandError(
        exitCodes.nothing,
        `There is no variant ${number ?? 0}: ${plural(found.length, 'response matches', 'responses match')}`,
      );
    }
    if (given.flag('body')) return await writeBody(call, store, chosen);
    for (const entry of chosen) {
      const place = { number: found.indexOf(entry) + 1, of: found.length, folder };
      if (given.flag('json')) await call.stdout.line(jsonLine(entryDetailsJson(entry, place, call.masker)));
      else await call.stdout.line(entryDetails(entry, place, call));
    }
    return exitCodes.ok;
  });
}

async function gather(
  { walk }: OpenStore<StoreReader>,
  chooses: (entry: StoredEntry) => boolean,
): Promise<readonly StoredEntry[]> {
  const found: StoredEntry[] = [];
  for await (const entry of walk()) {
    if (chooses(entry) && found.push(entry) > MOST) {
      throw new UsageError(`More than ${MOST} responses match: give a narrower URL, or use ls`);
    }
  }
  return found.toSorted((a, b) => compare(a.primary, b.primary) || compare(a.cacheKey, b.cacheKey));
}

async function writeBody(
  call: Call,
  { store }: OpenStore<StoreReader>,
  chosen: readonly StoredEntry[],
): Promise<number> {
  const [entry] = chosen;
  if (entry === undefined || chosen.length > 1) {
    throw new UsageError(
      `There are ${chosen.length} responses, and --body writes one: give --variant with a number from 1 to ${chosen.length}, in the order that show without --body has`,
    );
  }
  await printBody(call, store, entry);
  return exitCodes.ok;
}

function readNumber(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(written)) return Number(written);
  throw new UsageError(`--variant is ${JSON.stringify(written)}: give a number from 1`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
