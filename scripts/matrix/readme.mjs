// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { root } from '../public-entries.mjs';
import { tableOf } from './table.mjs';
import { lineOfTypes } from './types.mjs';

const file = new URL('README.md', root);
const part = /(?<=<!-- matrix -->\n)[\s\S]*(?=<!-- \/matrix -->)/;
const typesPart = /(?<=<!-- types -->\n)[\s\S]*(?=<!-- \/types -->)/;

/**
 * Writes the table of results into the README, between its marks.
 *
 * @param {readonly import('./result.mjs').Result[]} results
 */
export function writeReadme(results) {
  const text = readFileSync(file, 'utf8');
  if (!part.test(text)) throw new Error('README.md has no part between <!-- matrix --> and <!-- /matrix -->');
  const days = results.map(({ date }) => date.slice(0, 10)).toSorted();
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const when = first === last ? first : `${first} to ${last}`;
  const caches = results.some(({ memory }) => memory) ? ', with caches in memory' : '';
  const intro = `Numbers of tests, run on ${process.platform}-${process.arch} on ${when}${caches}:`;
  writeFileSync(
    file,
    text.replace(part, () => `\n${intro}\n\n${tableOf(results)}\n\n`),
  );
}

/**
 * Writes what versions of TypeScript said into the README, between its marks.
 *
 * @param {readonly import('./types.mjs').TypesResult[]} results
 */
export function writeTypesIntoReadme(results) {
  const text = readFileSync(file, 'utf8');
  if (!typesPart.test(text))
    throw new Error('README.md has no part between <!-- types --> and <!-- /types -->');
  const line = `${lineOfTypes(results)} Checked on ${new Date().toISOString().slice(0, 10)}.`;
  writeFileSync(
    file,
    text.replace(typesPart, () => `\n${line}\n\n`),
  );
}
