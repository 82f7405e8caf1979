import { filterOptions } from '../arguments/option.ts';
import { folderOperand, type Call, type Command } from '../command.ts';
import { exitCodes } from '../command-errors.ts';
import { readFilter } from '../select/filter.ts';
import { printEntry } from '../print-entry.ts';
import { formatBytes } from '../text/byte-size.ts';
import { headingLine } from '../text/entry-line.ts';
import { plural } from '../text/plural.ts';
import type { StoreReader } from '../../managers/disk/store-reader.ts';
import { withStoreToRead, type OpenStore } from '../with-store.ts';

/** Lists what is stored. */
export const ls: Command = {
  name: 'ls',
  summary: 'list stored responses',
  operands: [folderOperand],
  options: [...filterOptions, { name: 'json', says: 'one JSON object a line, and no totals' }],
  details: [
    'One line for each stored response: status, length of the body, current age (RFC 9111 §4.2.3), freshness, the method if it is not GET, and the URL, with "as" and the key where the option cacheKey gave another, and with the request fields that select it. Totals go to stderr.',
    'The order is that of the store, which means nothing, so that nothing has to be kept in memory. What is "invalidated" is found by no request any more, and waits for its eviction.',
  ],
  examples: [
    { line: 'http-larder ls .cache/http', says: 'everything' },
    {
      line: "http-larder ls .cache/http --url 'https://api.example.com/*' --stale",
      says: 'what is stale of an API',
    },
    { line: 'http-larder ls .cache/http --json | sort', says: 'in the order of the URLs' },
  ],
  nothing: 'filters were given, and nothing matched',
  run: list,
};

async function list(call: Call): Promise<number> {
  const { given, stdout, stderr, paint } = call;
  const filter = readFilter(given);
  const asJson = given.flag('json');
  if (stdout.isTerminal && !asJson) await stdout.line(paint('heading', headingLine(stdout.columns)));
  const listChosen = async ({
    walk,
  }: OpenStore<StoreReader>): Promise<{ responses: number; bytes: number }> => {
    const totals = { responses: 0, bytes: 0 };
    for await (const entry of walk()) {
      if (!filter.chooses(entry)) continue;
      totals.responses++;
      totals.bytes += entry.size;
      await printEntry(call, entry, asJson);
    }
    return totals;
  };
  // Lines that come are progress enough.
  const { responses, bytes } = await withStoreToRead(call, listChosen, !stdout.isTerminal);
  if (!asJson) await stderr.line(`${plural(responses, 'response')}, ${formatBytes(bytes)} of bodies`);
  return filter.isGiven && responses === 0 ? exitCodes.nothing : exitCodes.ok;
}
