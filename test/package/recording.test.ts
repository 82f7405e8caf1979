import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin } from '../helpers/origin.ts';
import { installPackage, type Installation } from './installed-package.ts';

/** Asks for the URLs that it is given, and prints the bodies. */
const ask = `
  import axios from 'axios';
  import got from 'got';
  import { HttpCache } from 'http-larder';
  import { installCache } from 'http-larder/axios';
  import { gotCache } from 'http-larder/got';
  import { recordAndReplay } from 'http-larder/testing';
  const [client, folder, mode, ...urls] = process.argv.slice(2);
  const cache = new HttpCache(recordAndReplay({ folder, mode }));
  const api = axios.create();
  installCache(api, { cache });
  const extended = got.extend(gotCache({ cache }));
  const ask = client === 'got' ? (url) => extended(url).text() : async (url) => (await api.get(url)).data;
  console.log(JSON.stringify(await Promise.all(urls.map(ask))));
`;

const askUnderJest = `
  const axios = require('axios');
  const { installCache } = require('http-larder/axios');
  const { recordAndReplay } = require('http-larder/testing');
  test('it is replayed', async () => {
    const api = axios.create();
    installCache(api, recordAndReplay({ folder: process.env.FOLDER, mode: 'replay' }));
    expect((await api.get(process.env.URL + '/all')).data).toMatch(/^(all [1-9] )+$/);
    await expect(api.get(process.env.URL + '/missing')).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_NO_FIXTURE' });
  });
`;

const run = promisify(execFile);

describe('processes that record into one folder', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = installPackage(['axios', 'got', 'jest']);
    for (const [name, text] of [
      ['package.json', '{}'],
      ['ask.mjs', ask],
      ['replay.test.cjs', askUnderJest],
    ] as const) {
      writeFileSync(join(installation.path, name), text);
    }
  });
  afterAll(() => installation[Symbol.dispose]());

  it.each(['axios', 'got'])('have all that each asked for, with %s, for jest too', async (client) => {
    const names = ['all', '0', '1', '2'];
    const origin = await startOrigin(
      Object.fromEntries(
        names.map((name) => [
          `/${name}`,
          ({ response, nth }) => void response.end(`${name} ${nth} `.repeat(99)),
        ]),
      ),
    );
    const all = `${origin.url}/all`;
    const process = async (mode: string, ...urls: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await run('node', ['ask.mjs', client, client, mode, ...urls], {
        cwd: installation.path,
      });
      return JSON.parse(stdout);
    };
    const told = await Promise.all(
      [0, 1, 2].map((nth) => process('record', all, `${origin.url}/${nth}`, `${all}?nth=${nth}`)),
    );
    await origin.close();
    const urls = [0, 1, 2].flatMap((nth) => [`${origin.url}/${nth}`, `${all}?nth=${nth}`]);
    const [answer, ...answers] = await process('replay', all, ...urls);
    // One of those that they had.
    expect(told.map(([first]) => first)).toContain(answer);
    expect(answers).toEqual(told.flatMap(([, ...others]) => others));
    // A text and a body for each, and nothing unfinished.
    expect(readdirSync(join(installation.path, client))).toHaveLength(2 * 7);

    const jest = ['node_modules/jest/bin/jest.js', '--config={"transform":{}}', '--ci', 'replay.test.cjs'];
    const { stderr } = await run('node', jest, {
      cwd: installation.path,
      env: { ...globalThis.process.env, FOLDER: client, URL: origin.url },
    });
    expect(stderr).toContain('1 passed');
  });
});
