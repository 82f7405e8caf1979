import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileChildren } from '../helpers/child-process.ts';
import { combinations } from './combinations.ts';
import { summary } from './counts.ts';
import { differences } from './differences.ts';
import { makePage } from './page.ts';
import { reasons } from './reasons.ts';
import { type RawResults, runCombinations } from './run-combinations.ts';
import { makeTable, readTable, type Table, writeTable } from './table.ts';
import { unpassed } from './unpassed.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tableFile = `${root}test/public-suite/results.json`;
const { version } = createRequire(import.meta.url)('http-cache-tests/package.json') as { version: string };

/** How many processes run at once; each keeps one core busy. */
const sideBySide = 2;

describe('the public suite for HTTP caches', () => {
  const children = compileChildren('test/public-suite');
  let results: RawResults;
  let table: Table;

  beforeAll(async () => {
    results = await runCombinations(children, combinations, sideBySide);
    table = makeTable(`http-cache-tests ${version}`, results);
  }, 600_000);
  afterAll(() => children[Symbol.dispose]());

  it('comes out as it did before', async () => {
    const before = readTable(readFileSync(tableFile, 'utf8'));
    const remedy = 'If that is meant to be: npm run conformance -- --update';
    await expect(
      writeTable(table),
      `${differences(before, table, results)}\n\n${remedy}`,
    ).toMatchFileSnapshot(tableFile);
  });

  it('has a reason for each test that does not pass, and for no other', () => {
    const ids = unpassed(table).map(({ id }) => id);
    expect(Object.keys(reasons).toSorted()).toEqual(ids.toSorted());
  });

  it('is told by its page as it comes out', async () => {
    await expect(await makePage(table)).toMatchFileSnapshot(`${root}docs/public-suite.md`);
  });

  it('is told by the README as it comes out', () => {
    const section = /^## RFC 9111\n(.*?)^## /ms.exec(readFileSync(`${root}README.md`, 'utf8'))?.[1];
    expect(section?.replaceAll(/\s+/g, ' ')).toContain(summary(table));
  });
});
