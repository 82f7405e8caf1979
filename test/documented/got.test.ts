import got from 'got';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { gotCache } from '../../src/got/index.ts';
import { exampleRows, runExample } from './example.ts';
import { gotExamples } from './got-examples.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
beforeAll(async () => void (site = await openSite()));
afterAll(() => site[Symbol.asyncDispose]());

describe.each(exampleRows)("the examples of got's documentation, with $name, give what it says:", (row) => {
  test.each(gotExamples)('$name', async (example) => {
    await using opened = await row.open();
    const { cache } = opened;
    const client = cache === undefined ? got : got.extend(gotCache({ cache }));
    await runExample(example, { got: client }, site, cache);
  });
});
