import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { runCommand, type Ran } from './run-command.ts';
import { bigBody, now, sampleStore, type SampleStore } from './sample-store.ts';

let store: SampleStore;
beforeAll(async () => {
  store = await sampleStore();
});
afterAll(async () => await store[Symbol.asyncDispose]());

async function show(path: string, ...args: readonly string[]): Promise<Ran> {
  return await runCommand(['show', store.folder, store.origin.url + path, ...args]);
}

/** Writes a body through a stream that takes little at a time. */
async function bodyOf(
  folder: string,
  url: string,
  ...args: readonly string[]
): Promise<{ code: number; body: Buffer }> {
  const stdout = new PassThrough({ highWaterMark: 1_000 });
  const others = { stdin: new PassThrough(), stderr: new PassThrough(), env: {}, now: () => now };
  const written = buffer(stdout);
  const { signal } = new AbortController();
  const code = await run(['show', folder, url, '--body', ...args], { ...others, stdout, signal });
  stdout.end();
  return { code, body: await written };
}

describe('show', () => {
  it('tells all of a stored response', async () => {
    const { code, stdout } = await show('/old');
    expect(code).toBe(0);
    const text = stdout.replace(store.origin.url, 'http://o').replace(/(file +).*\/cache-v/, '$1…/cache-v');
    expect(text.replace(/cache-v.*/, 'cache-v')).toBe(`GET http://o/old
  status       200 OK
  received     2026-01-01T12:00:00.000Z
  policy       stale since 29m: its freshness lifetime is 60s, by max-age, s-maxage or Expires, its current age is 30m
               validated by ETag "old"
               may answer any request
               stored by a private cache
  body         3 B
  file         …/cache-v
  fields       Date: Thu, 01 Jan 2026 12:00:00 GMT
               Cache-Control: max-age=60
               ETag: "old"
               Content-Length: 3

`);
  });

  it('numbers variants, and tells what selects them', async () => {
    const { stdout } = await show('/page');
    expect(stdout).toMatch(/^1\. GET .*\n.*\n {2}selected by {2}accept-encoding: gzip\n/);
    expect(stdout).toMatch(/^2\. GET .*\n.*\n {2}selected by {2}accept-encoding: identity\n/m);
    const [second] = (await show('/page', '--variant', '2', '--json')).json;
    expect(second).toMatchObject({ variant: 2, selectedBy: { 'accept-encoding': 'identity' } });
  });

  it('masks what fields tell, and matches the real URL', async () => {
    const { stdout } = await show('/search?token=s3cret&q=1');
    expect(stdout).toContain('Set-Cookie: sid=***; Path=/; HttpOnly');
    expect(stdout).toContain('X-Api-Key: ***');
    expect(stdout).not.toMatch(/s3cret|c00kie|l1nk|f1eld/);
    const open = await show('/search?token=s3cret&q=1', '--show-secrets', '--json');
    expect(open.stdout).toMatch(/s3cret.*c00kie.*f1eld.*l1nk/);
  });

  it('names a file that is there', async () => {
    const [entry] = (await show('/old', '--json')).json;
    expect(readFileSync(entry?.file ?? '', 'latin1')).toContain('max-age=60');
  });

  it.each([
    ['/nothing', [], 1, /^http-larder: Nothing is stored for http.*\/nothing\n$/],
    ['/old', ['--fresh'], 1, /Nothing is stored/],
    ['/page', ['--variant', '3'], 1, /There is no variant 3: 2 responses match/],
    ['/page', ['--variant', 'x'], 2, /--variant is "x": give a number from 1/],
    ['/page', ['--body'], 2, /There are 2 responses, and --body writes one: give --variant/],
    ['/old', ['--body', '--json'], 2, /leave out --json/],
  ])('says why it shows nothing: %s %j', async (path, args, code, sentence) => {
    const ran = await show(path, ...args);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toMatch(sentence);
  });
});

describe('show --body', () => {
  it('writes the stored bytes, and nothing else', async () => {
    const { code, body } = await bodyOf(store.folder, '*/big');
    expect([code, body.equals(bigBody)]).toEqual([0, true]);
  });

  it('writes the variant that is chosen, as it was received', async () => {
    const { body } = await bodyOf(store.folder, '*/page', '--variant', '1');
    expect(String(gunzipSync(body))).toBe('a page that is sent plain, or compressed');
  });

  it('ends in an error before the end of a body that is not what was stored', async () => {
    await using damaged = await sampleStore();
    const file =
      readdirSync(damaged.folder, { recursive: true, encoding: 'utf8' }).find((name) =>
        /metadata.*\./.test(name),
      ) ?? '';
    const bytes = readFileSync(join(damaged.folder, file));
    bytes[99_999] = (bytes[99_999] ?? 0) ^ 1;
    writeFileSync(join(damaged.folder, file), bytes);
    const { code, body } = await bodyOf(damaged.folder, '*/big');
    expect(code).toBe(3);
    expect(body.length).toBeLessThan(bigBody.length);
    expect(body.equals(bigBody.subarray(0, body.length))).toBe(true);
  });
});
