import { stripVTControlCharacters } from 'node:util';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { send } from '../helpers/reply.ts';
import { runCommand, type Ran, type RunOptions } from './run-command.ts';
import { emptyStore, now, receivedAt, sampleStore, type SampleStore } from './sample-store.ts';

let store: SampleStore;
beforeAll(async () => {
  store = await sampleStore();
});
afterAll(async () => await store[Symbol.asyncDispose]());

/** Lists, with the origin's address taken out, in the order of the lines. */
async function ls(args: readonly string[] = [], options: RunOptions = {}): Promise<Omit<Ran, 'json'>> {
  const ran = await runCommand(['ls', store.folder, ...args], options);
  const { code, stdout, stderr } = ran;
  return {
    code,
    stdout,
    stderr,
    lines: ran.lines.map((line) => line.replace(store.origin.url, 'http://o')).toSorted(),
  };
}

function urlsOf(ran: Pick<Ran, 'lines'>): readonly string[] {
  return ran.lines.map((line) => line.replace(/^.*http:/, 'http:'));
}

describe('ls', () => {
  it('tells of each stored response in a line, and of all on stderr', async () => {
    const { code, lines, stderr } = await ls();
    expect(lines).toEqual([
      '200            0 B    30m  fresh for 30m     HEAD http://o/head',
      '200            2 B    30m  fresh for 30m     http://o/search?token=***&q=1',
      '200            3 B    30m  stale since 29m   http://o/old',
      '200            4 B    30m  no-cache          http://o/each',
      '200           40 B    30m  fresh for 30m     http://o/page [accept-encoding: identity]',
      '200           60 B    30m  fresh for 30m     http://o/page [accept-encoding: gzip]',
      '200       97.7 KiB    30m  fresh for 30m     http://o/big',
      '404            2 B    30m  fresh for 90m     http://o/missing',
    ]);
    expect([code, stderr]).toEqual([0, '8 responses, 97.8 KiB of bodies\n']);
  });

  it('prints JSON for programs, and nothing else', async () => {
    const { json, stderr } = await runCommand(['ls', store.folder, '--json']);
    expect(stderr).toBe('');
    expect(json).toHaveLength(8);
    const url = `${store.origin.url}/old`;
    expect(json.find((entry) => entry.url === url)).toEqual({
      url,
      key: url,
      method: 'GET',
      status: 200,
      size: 3,
      ageMs: now - receivedAt,
      lifetimeMs: 60_000,
      freshness: 'stale',
      receivedAt,
      selectedBy: {},
    });
  });

  it.each([
    [
      ['--url', '*/page'],
      ['http://o/page [accept-encoding: gzip]', 'http://o/page [accept-encoding: identity]'],
    ],
    [['--stale'], ['http://o/each', 'http://o/old']],
    [['--fresh', '--status', '4xx'], ['http://o/missing']],
    [['--older', '29m', '--url', '*/old'], ['http://o/old']],
    [['--status', '404'], ['http://o/missing']],
  ])('chooses by %j', async (args, urls) => expect(urlsOf(await ls(args)).toSorted()).toEqual(urls));

  it.each([[['--older', '30m']], [['--url', 'http://o/']], [['--fresh', '--url', '*/old']]])(
    'ends with 1 when nothing is chosen by %j',
    async (args) => {
      const { code, lines } = await ls(args);
      expect([code, lines]).toEqual([1, []]);
    },
  );

  it.each([
    [['--older', 'week'], /--older is "week": give a whole number and a unit/],
    [['--status', '99'], /--status is "99": give a final status/],
    [['--fresh', '--stale'], /Nothing is fresh and stale at once/],
    [['--url', 'example'], /"example" is no absolute http: or https: URL, and has no \*/],
  ])('refuses %j', async (args, sentence) => {
    const { code, stdout, stderr } = await ls(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
  });

  it('masks nothing with --show-secrets, and more with --redact', async () => {
    expect(urlsOf(await ls(['--url', '*search*', '--show-secrets']))).toEqual([
      'http://o/search?token=s3cret&q=1',
    ]);
    expect(urlsOf(await ls(['--url', '*search*', '--redact', 'q,Z']))).toEqual([
      'http://o/search?token=***&q=***',
    ]);
  });

  it('finds what it printed masked', async () => {
    const [printed] = (await runCommand(['ls', store.folder, '--url', '*search*', '--json'])).json;
    expect((await ls(['--url', printed?.url ?? ''])).lines).toHaveLength(1);
  });

  it('has the status and the URL alone where a terminal is narrow', async () => {
    const { lines } = await runCommand(['ls', store.folder, '--status', '404', '--no-color'], {
      terminal: 60,
    });
    expect(lines).toEqual(['STATUS  URL', `404     ${store.origin.url}/missing`]);
  });

  it('cuts lines to the terminal, with a heading and colours, and tells of progress nowhere else', async () => {
    const terminal = await runCommand(['ls', store.folder], { terminal: 72 });
    const plain = terminal.lines.map((line) => stripVTControlCharacters(line));
    expect(plain[0]).toMatch(/^STATUS +SIZE +AGE +FRESHNESS +URL$/);
    expect(Math.max(...plain.map((line) => line.length))).toBe(72);
    expect(terminal.stdout).toContain('\u001b[32m');
    const elsewhere = await runCommand(['ls', store.folder]);
    expect(elsewhere.stdout + elsewhere.stderr).not.toContain('\u001b');
  });
});

describe('ls of a store', () => {
  it('with nothing in it ends with 0', async () => {
    await using empty = await emptyStore();
    empty.openCache();
    expect(await runCommand(['ls', empty.folder])).toMatchObject({ code: 0, stdout: '' });
  });

  it('shows the key where the option cacheKey gave another', async () => {
    await using mine = await emptyStore();
    const { url } = mine.origin;
    const api = axios.create();
    installCache(api, { cache: mine.openCache({ cacheKey: () => 'https://key.test/one' }) });
    await api.get(`${url}/big`);
    const { lines } = await runCommand(['ls', mine.folder]);
    expect(lines).toEqual([expect.stringContaining(`${url}/big as https://key.test/one`)]);
    expect((await runCommand(['ls', mine.folder, '--url', 'https://key.test/*'])).lines).toEqual(lines);
  });

  it('tells by which suffix of the option cacheKey a response is selected, and that credentials do', async () => {
    await using mine = await emptyStore();
    const api = axios.create();
    installCache(api, { cache: mine.openCache({ cacheKey: () => ({ suffix: 'tenant 7' }) }) });
    await api.get(`${mine.origin.url}/old`, { headers: { Authorization: 'Bearer s3cret' } });
    const { stdout } = await runCommand(['ls', mine.folder]);
    expect(stdout).toContain('/old [cache key: tenant 7; credentials: (the same)]');
  });

  it('tells of variants that were invalidated, and takes them for not fresh', async () => {
    await using mine = await emptyStore();
    const { url } = mine.origin;
    const cache = mine.openCache();
    const api = axios.create();
    installCache(api, { cache });
    const get = async (): Promise<unknown> =>
      await api.get(`${url}/page`, { headers: { 'Accept-Encoding': 'gzip' } });
    await get();
    await cache.idle();
    await cache.delete(`${url}/page`);
    expect((await runCommand(['ls', mine.folder, '--stale'])).lines).toEqual([
      expect.stringMatching(/ {2}invalidated +http/),
    ]);
    await get();
    await cache.idle();
    const { json } = await runCommand(['ls', mine.folder, '--json']);
    expect(new Set(json.map(({ freshness }) => freshness))).toEqual(new Set(['fresh', 'invalidated']));
  });

  it('escapes what a terminal would obey', async () => {
    await using mine = await emptyStore();
    mine.origin.route('/hostile', (call) =>
      send(call, {
        headers: [
          ['Cache-Control', 'max-age=60'],
          ['X-Bell', 'a\u009b2Jb'],
        ],
      }),
    );
    const api = axios.create();
    installCache(api, { cache: mine.openCache({ metadata: () => 'c\u001b[2Jd' }) });
    await api.get(`${mine.origin.url}/hostile`);
    for (const args of [
      ['show', mine.folder, '*'],
      ['show', mine.folder, '*', '--json'],
      ['ls', mine.folder],
    ]) {
      expect((await runCommand(args)).stdout).not.toMatch(/[^\P{Cc}\n]/u);
    }
    const [shown] = (await runCommand(['show', mine.folder, '*', '--json'])).json;
    expect(shown).toMatchObject({ metadata: 'c\u001b[2Jd' });
  });
});
