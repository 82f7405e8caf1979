import { filterOptions } from '../arguments/option.ts';
import { folderOperand, type Call, type Command } from '../command.ts';
import { exitCodes } from '../command-errors.ts';
import { readFilter } from '../select/filter.ts';
import { StatsCounter } from '../select/stats-counter.ts';
import { jsonLine } from '../text/entry-json.ts';
import { statsText } from '../text/stats-text.ts';
import { withStoreToRead } from '../with-store.ts';

/** Counts what is stored. */
export const stats: Command = {
  name: 'stats',
  summary: 'count what is stored',
  operands: [folderOperand],
  options: [...filterOptions, { name: 'json', says: 'one JSON object' }],
  details: [
    'Counts stored responses and the bytes of their bodies, by freshness, status and origin. Each entry is read. Bodies count as often as they are stored, although equal ones take room on the disk only once.',
    'The limits of a store are options of the programs that use it, and are not in the folder.',
  ],
  examples: [{ line: 'http-larder stats .cache/http --json', says: 'for a program' }],
  nothing: 'filters were given, and nothing matched',
  run: count,
};

async function count(call: Call): Promise<number> {
  const { given, stdout, masker, paint } = call;
  const filter = readFilter(given);
  const counted = await withStoreToRead(call, async ({ walk }) => {
    const counter = new StatsCounter(masker);
    for await (const entry of walk()) if (filter.chooses(entry)) counter.add(entry);
    return counter.result();
  });
  await stdout.line(given.flag('json') ? jsonLine(counted) : statsText(counted, paint));
  return filter.isGiven && counted.responses === 0 ? exitCodes.nothing : exitCodes.ok;
}
