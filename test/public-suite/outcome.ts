import type { RawResult } from 'http-cache-tests/client/runner.mjs';
import { determineTestResult } from 'http-cache-tests/lib/display.mjs';
import suites, { type SuiteTest } from 'http-cache-tests/tests/index.mjs';

/** What the suite makes of a test with a cache, by the symbol that it shows. */
const outcomes = {
  '✅': 'pass',
  '⛔️': 'fail',
  '⚠️': 'weak',
  Y: 'yes',
  N: 'no',
  '🔹': 'setup',
  '⁉️': 'harness',
  '⚪️': 'depends',
  '↻': 'retry',
  '-': 'none',
} as const;

/** What becomes of the requests of a test without a cache. */
const receptions = ['received', 'rejected'] as const;

/** How a test comes out: a closed list, explained on the page. */
export type Outcome = (typeof outcomes)[keyof typeof outcomes] | (typeof receptions)[number];

/** How a test came out by the suite's own rules, which look at the tests that it depends on too. */
export function outcomeOf({ id }: SuiteTest, results: Readonly<Record<string, RawResult>>): Outcome {
  const symbol = determineTestResult(suites, id, results)[2];
  if (!isSymbol(symbol)) throw new Error(`The suite shows ${symbol}, which is not known here.`);
  return outcomes[symbol];
}

/** Whether a client without a cache resolved all requests of a test; what it was answered does not matter. */
export function receptionOf({ id }: SuiteTest, results: Readonly<Record<string, RawResult>>): Outcome {
  const result = results[id];
  const isOfSuite = result === true || result?.[0] === 'Assertion' || result?.[0] === 'Setup';
  return isOfSuite ? 'received' : 'rejected';
}

function isSymbol(symbol: string): symbol is keyof typeof outcomes {
  return Object.hasOwn(outcomes, symbol);
}

/** Whether a word of a table is one of the outcomes. */
export function isOutcome(word: string): word is Outcome {
  return [...Object.values<string>(outcomes), ...receptions].includes(word);
}
