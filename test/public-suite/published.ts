import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RawResult } from 'http-cache-tests/client/runner.mjs';
import published from 'http-cache-tests/results/index.mjs';
import type { SuiteTest } from 'http-cache-tests/tests/index.mjs';
import { countPasses } from './counts.ts';
import { outcomeOf } from './outcome.ts';
import { type Kind, suiteTests } from './suite-tests.ts';

/** What others come to, by the results that come with the suite. */
export interface Published {
  readonly name: string;
  readonly isBrowser: boolean;
  readonly required: string;
  readonly optimal: string;
}

const { resolve } = createRequire(import.meta.url);

/** The tests that the suite has for browsers, or for all others. */
export function testsFor(isBrowser: boolean): readonly SuiteTest[] {
  return suiteTests.filter((test) => (isBrowser ? test.browser_skip : test.browser_only) !== true);
}

/** The published results. */
export function publishedResults(): readonly Published[] {
  return published.map(({ file, name, type, version }) => {
    const text = readFileSync(resolve(`http-cache-tests/results/${file}`), 'utf8');
    const results = JSON.parse(text) as Record<string, RawResult>;
    const isBrowser = type === 'browser';
    const count = (kind: Kind): string =>
      countPasses(testsFor(isBrowser), kind, (test) => outcomeOf(test, results));
    return { name: `${name} ${version}`, isBrowser, required: count('required'), optimal: count('optimal') };
  });
}
