import { describe, expect, it } from 'vitest';
import { runsOn } from '../../scripts/matrix/installation.mjs';
import {
  type ListedDifference,
  listedDifferences,
  listedFor,
} from '../../scripts/matrix/listed-differences.mjs';
import { isGood, judge, type Result } from '../../scripts/matrix/result.mjs';
import { tableOf } from '../../scripts/matrix/table.mjs';
import { testFilesOf } from '../../scripts/matrix/tree.mjs';

const about = {
  tree: 'a',
  memory: false,
  date: '2026-11-22T12:00:00.000Z',
  client: 'got',
  version: '13.0.0',
  node: '20.20.2',
  packages: {},
} as const;

function failed(title: string, row = 'a cache (memory)', file = 'one/got.test.ts') {
  return { file, title, name: `got with '${row}' is as without ${title}`, message: 'differs' };
}

const listed: readonly ListedDifference[] = [
  { client: 'got', what: 'In got, redirects differ.', tests: [/'a redirect/], isRun: true },
  { client: 'got', what: 'got has no cancels.', tests: [/'a cancel/], isRun: false },
];

function resultOf(...failures: readonly ReturnType<typeof failed>[]): Result {
  return judge(about, { passed: 9, notRun: 0, seconds: 1, failures }, listed);
}

const redirects = failed(`'a redirect chain, streamed'`);

describe('the result of a version', () => {
  it('is good when what is listed fails, and nothing else', () => {
    const result = resultOf(redirects);
    expect(isGood(result)).toBe(true);
    expect(result.notes).toEqual([
      { what: 'In got, redirects differ.', tests: [redirects.name] },
      { what: 'got has no cancels.', tests: [] },
    ]);
  });

  it('is bad when something else fails', () => {
    const result = resultOf(redirects, failed(`'json'`));
    expect(isGood(result)).toBe(false);
    expect(result.failures).toEqual([failed(`'json'`)]);
  });

  it('is bad when what is listed passes', () => {
    expect(isGood(resultOf())).toBe(false);
  });

  it('is no worse for what fails without a cache, too', () => {
    const result = resultOf(redirects, failed(`'json'`, 'no cache'), failed(`'json'`));
    expect(isGood(result)).toBe(true);
    expect(result.notes.at(-1)?.tests).toHaveLength(2);
  });

  it('is the worse for what fails without a cache in another folder', () => {
    const result = resultOf(redirects, failed(`'json'`, 'no cache', 'other/got.test.ts'), failed(`'json'`));
    expect(result.failures).toEqual([failed(`'json'`)]);
  });
});

describe('what is listed', () => {
  it('is for the versions of clients and of Node.js that it names', () => {
    const whats = (version: string, node: string): readonly string[] =>
      listedFor('got', version, node).map(({ what }) => what);
    expect(whats('14.6.6', '22.0.0')).toEqual([]);
    expect(whats('14.6.6', '24.1.0')).toEqual([expect.stringContaining('timeout.connect')]);
    expect(whats('15.0.0', '24.1.0')).toEqual([expect.stringContaining('isStream')]);
    expect(whats('9.6.0', '20.0.0')).toEqual(whats('12.6.1', '20.0.0'));
  });

  it('has a sentence each', () => {
    for (const { what } of listedDifferences) expect(what).toMatch(/^[A-Za-z].*\.$/);
  });
});

describe('the table of results', () => {
  it('has the versions in their order, what passes, what differs and what fails', () => {
    const good = { ...resultOf(redirects), version: '9.6.0' };
    const bad = { ...resultOf(redirects, failed(`'json'`)), node: '22.0.0' };
    expect(tableOf([bad, good]).split('\n')).toEqual([
      '|            | Node.js 20.20.2         | Node.js 22.0.0                      |',
      '| ---------- | ----------------------- | ----------------------------------- |',
      '| got 9.6.0  | 9 pass, 1 differ (1, 2) | –                                   |',
      '| got 13.0.0 | –                       | 9 pass, 1 differ, **1 fail** (1, 2) |',
      '',
      '1. In got, redirects differ.',
      '2. got has no cancels.',
    ]);
  });
});

it('runs a client on the versions of Node.js that it asks for', () => {
  const on = (engine: string | undefined, version: string): boolean =>
    runsOn({ folder: '', version: '1.0.0', engine }, { version, executable: 'node' });
  expect(on('>=22', '20.20.2')).toBe(false);
  expect(on('>=22', '22.0.0')).toBe(true);
  expect(on('>=14.16', '20.20.2')).toBe(true);
  expect(on(undefined, '20.20.2')).toBe(true);
});

it('has the tests of a client run with each of its versions, and the others once', () => {
  expect(testFilesOf('got')).toEqual(
    expect.arrayContaining(['test/differential/got.test.ts', 'test/got/got-cache.test.ts']),
  );
  expect(testFilesOf('axios')).toContain('test/differential/axios.test.ts');
  expect(testFilesOf('rest')).toContain('test/differential/control.test.ts');
  expect(testFilesOf('rest').filter((file) => /axios|got\b|package|docs/.test(file))).toEqual([]);
});
