import axios, { type CreateAxiosDefaults } from 'axios';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { axiosExamples } from './axios-examples.ts';
import { exampleRows, runExample } from './example.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
beforeAll(async () => void (site = await openSite()));
afterAll(() => site[Symbol.asyncDispose]());

describe.each(exampleRows)("the examples of axios's documentation, with $name, give what it says:", (row) => {
  test.each(axiosExamples)('$name', async (example) => {
    await using opened = await row.open();
    const { cache } = opened;
    const create = (defaults?: CreateAxiosDefaults) => {
      const instance = axios.create({ proxy: false, ...defaults });
      if (cache !== undefined) installCache(instance, { cache });
      return instance;
    };
    await runExample(example, { axios: create(), create }, site, cache);
  });
});
