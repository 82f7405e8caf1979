import suites, { type SuiteTest } from 'http-cache-tests/tests/index.mjs';
import { format } from 'prettier';
import { combinations, nameOf } from './combinations.ts';
import { alike, passesIn, summary } from './counts.ts';
import { markdownTable } from './markdown-table.ts';
import { publishedResults, testsFor } from './published.ts';
import { reasons } from './reasons.ts';
import { kindOf, testsOf } from './suite-tests.ts';
import type { Table } from './table.ts';
import { toldOutcome } from './told-outcome.ts';
import { unpassed } from './unpassed.ts';

const kinds = ['required', 'optimal'] as const;

/** The page that tells the results of the public suite. */
export function makePage(table: Table): Promise<string> {
  const text = `# The public suite for HTTP caches

[cache-tests.fyi](https://cache-tests.fyi/) tests how browsers, proxies and content delivery networks cache. What is
published of it, \`${table.suite.replace(' ', '@')}\`, runs here against \`http-larder\`, installed in axios and in got, in memory
and on disk, as a private and as a shared cache. ${summary(table)}

\`npm run conformance\` runs it, and so does \`npm test\`. Both fail when a test comes out otherwise than this page says;
\`npm run conformance -- --update\` writes the page anew.

What counts, and how, is the suite's own doing. \`required\` is what the RFCs demand, \`optimal\` is good use of a cache, and
\`check\` only records what a cache does: neither answer is wrong. A private cache is asked as browsers are, and beside that
what they are spared only because Fetch hides it from scripts; what is for shared caches is left out. A shared cache is
asked as proxies are. Neither is asked about \`Surrogate-Control\`, which is for reverse proxies. Where the suite waits for
three seconds, the time of the process is set forward. The names of the tests are those of the suite (BSD 3-Clause, Mark
Nottingham).

## In numbers

${markdownTable(['cache', 'required', 'of those, can be received and pass', 'optimal'], inNumbers(table))}

Some tests have an origin that closes the connection, or sends another length than it says. What the client without a cache
rejects, it rejects with one too, unless something stored may stand in.

## Beside others

The results that come with the package, of the versions of their time, counted alike: browsers by the tests for browsers, the
others by those for proxies. \`http-larder\` is counted here by the same tests.

${markdownTable(['cache', ...kinds], besideOthers(table))}

## What does not pass, and why

${reasonsOf(table)}

## Every test

- **pass**: as it should be; **fail**: a required test that does not pass; **weak**: an optimal one that does not pass
- **yes**, **no**: what a \`check\` records
- **setup**: what the test takes for granted did not happen
- **depends**: another test, whose behaviour this one takes for granted, does not pass
- **retry**: the origin was asked twice
- **rejected**: without a cache too the client gives an error, not a response

${suites.map(({ name, tests }) => `### ${name}\n\n${everyTest(table, tests)}`).join('\n\n')}
`;
  return format(text, { parser: 'markdown', printWidth: 110, proseWrap: 'always' });
}

function inNumbers(table: Table): string[][] {
  return combinations.flatMap((one) => {
    if (one.sharing === undefined) return [];
    const alone = combinations.findIndex(({ client, store }) => client === one.client && store === undefined);
    const received = testsOf(one.sharing).filter(({ id }) => table.outcomes.get(id)?.[alone] === 'received');
    return [
      [
        nameOf(one),
        passesIn(table, one, 'required'),
        passesIn(table, one, 'required', received),
        passesIn(table, one, 'optimal'),
      ],
    ];
  });
}

function besideOthers(table: Table): string[][] {
  return [true, false].flatMap((isBrowser) => {
    const sharing = isBrowser ? 'private' : 'shared';
    const ours = combinations.filter((one) => one.sharing === sharing);
    return [
      [
        `\`http-larder\`, ${sharing}`,
        ...kinds.map((kind) => alike(ours.map((one) => passesIn(table, one, kind, testsFor(isBrowser))))),
      ],
      ...publishedResults()
        .filter((one) => one.isBrowser === isBrowser)
        .map(({ name, required, optimal }) => [name, required, optimal]),
    ];
  });
}

/** Tests that do not pass in the same way, for the same reason, are told together. */
function reasonsOf(table: Table): string {
  const told = new Map<string, string[]>();
  for (const test of unpassed(table)) {
    const line = `(${kindOf(test)}; ${toldOutcome(table, test.id)}): ${reasons[test.id] ?? ''}`;
    told.set(line, [...(told.get(line) ?? []), `\`${test.id}\``]);
  }
  return [...told].map(([line, ids]) => `- ${ids.join(', ')} ${line}`).join('\n');
}

function everyTest(table: Table, tests: readonly SuiteTest[]): string {
  const rows = tests.map((test) => [test.name, `\`${test.id}\``, kindOf(test), toldOutcome(table, test.id)]);
  return markdownTable(['test', 'id', 'kind', 'outcome'], rows);
}
