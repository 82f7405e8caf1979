import type { Call } from './command.ts';
import type { StoredEntry } from './select/stored-entry.ts';
import { entryJson, jsonLine } from './text/entry-json.ts';
import { entryLine } from './text/entry-line.ts';

/** Prints a stored response in one line. */
export async function printEntry(
  { stdout, masker, paint }: Pick<Call, 'stdout' | 'masker' | 'paint'>,
  entry: StoredEntry,
  asJson: boolean,
): Promise<void> {
  if (asJson) await stdout.line(jsonLine(entryJson(entry, masker)));
  else await stdout.line(entryLine(entry, { masker, paint, columns: stdout.columns }));
}
