import { readFileSync } from 'node:fs';

/** The words in code font that begin the rows of the first table under a heading of a page. */
export function listedWords(page: string, heading: string): readonly string[] {
  const lines = readFileSync(page, 'utf8').split('\n');
  const at = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (at < 0) throw new Error(`${page} has no heading "${heading}".`);
  const section = lines.slice(at + 1);
  const start = section.findIndex((line) => line.startsWith('|'));
  const table = section.slice(start);
  const length = table.findIndex((line) => !line.startsWith('|'));
  return table
    .slice(0, length < 0 ? table.length : length)
    .map((line) => /^\| `([^`]+)`/.exec(line)?.[1])
    .filter((word) => word !== undefined);
}
