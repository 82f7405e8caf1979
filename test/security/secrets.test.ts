import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HttpCache, type RateLimiter } from '../../src/index.ts';
import { recordAndReplay } from '../../src/testing/index.ts';
import { startOrigin } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { answers } from '../rfc9111/answers.ts';
import { ask } from '../rfc9111/ask.ts';
import { clientRows } from '../streams/clients.ts';
import { setStage, type Stage, storingRows } from '../streams/stage.ts';

const secrets = {
  Authorization: 'Bearer planted-1',
  'Proxy-Authorization': 'Basic planted-2',
  Cookie: 'sid=planted-3',
  'X-API-Key': 'planted-4',
};
const planted = /planted/;
const tenant = 'planted-5';
const body = '{"password":"planted-6"}';
const get = { headers: { ...secrets, 'X-Tenant': tenant } };
const post = {
  ...get,
  method: 'POST',
  headers: { ...get.headers, 'Content-Type': 'application/json' },
  body,
} as const;

/** What can be told from a text by trying what is likely, as everybody can who reads it. */
const guesses = [...Object.values(secrets), tenant, body, JSON.stringify([['x-tenant', tenant]])].flatMap(
  (text) =>
    (['hex', 'base64', 'base64url'] as const).map((form) => createHash('sha256').update(text).digest(form)),
);

/** All that is in the store. */
async function storeText({ store, cache }: Stage): Promise<string> {
  const entries = [];
  for await (const entry of cache.entries()) entries.push(entry);
  expect(entries.length).toBeGreaterThan(0);
  return JSON.stringify([entries, store.files().map((file) => readFileSync(file, 'latin1'))]);
}

/** As JSON, with what errors say. */
const told = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) =>
    one instanceof Error ? [one.message, one.stack, one.cause] : one,
  );

describe.each(storingRows)('what requests show of their users, $client, $store', (row) => {
  it('is in nothing that the newer options keep and tell', async () => {
    const limited: unknown[] = [];
    const rateLimiter: RateLimiter = {
      acquire: (request) => void limited.push(request),
      answered: (request, answer) => void limited.push(request, answer),
    };
    await using stage = await setStage(
      row,
      {
        '/': answers({ headers: { 'Cache-Control': 'max-age=60', ETag: '"e"', Vary: 'Cookie, X-Api-Key' } }),
        '/403': answers({ status: 403, headers: { Vary: 'Authorization' } }),
        '/declined': answers({ headers: { 'Cache-Control': 'max-age=60' } }),
      },
      {
        byBody: ['POST'],
        cacheKey: { headers: ['X-Tenant'] },
        errorTtl: 60_000,
        rules: [{ match: /./, minTtl: 1000 }],
        shouldStore: (_response, { url }) => !url.endsWith('/declined'),
        cacheStatusHeaders: true,
        rateLimiter,
      },
    );
    const seen: unknown[] = [];
    for (const path of ['/', '/403', '/declined']) {
      for (const asked of [get, post]) {
        for (const outcome of ['miss', path === '/declined' ? 'miss' : 'hit']) {
          const answer = await ask(stage, path, asked);
          expect([path, answer.outcome]).toEqual([path, outcome]);
          seen.push(answer.headers, answer.info);
        }
      }
      const url = stage.origin.url + path;
      const headers = Object.entries(get.headers);
      seen.push(await stage.cache.explain({ url, headers }));
      seen.push(await stage.cache.explain({ url, headers, method: 'POST', body: Buffer.from(body) }));
    }
    stage.clock.advance(90_000);
    await ask(stage, '/', get);
    await stage.origin.close();
    await ask(stage, '/403', get).catch((error: unknown) => seen.push(String(error)));
    seen.push(await stage.cache.stats(), limited, stage.events);
    expect(limited.length).toBeGreaterThan(0);
    expect(told(seen)).not.toMatch(planted);
    const kept = await storeText(stage);
    expect(kept).not.toMatch(planted);
    for (const guess of guesses) expect(kept).not.toContain(guess);
  });

  it('is in no event about a fault of the cache', async () => {
    const fails = (): never => {
      throw new Error('failed');
    };
    await using stage = await setStage(
      row,
      { '/': answers({ headers: { 'Cache-Control': 'max-age=60' } }) },
      { byBody: fails, cacheKey: fails, metadata: fails, modifyResponse: fails, shouldStore: fails },
    );
    for (const asked of [get, post]) expect((await ask(stage, '/', asked)).status).toBe(200);
    expect(stage.events.map(({ type }) => type)).toContain('error');
    expect(told(stage.events)).not.toMatch(planted);
  });
});

describe.each(clientRows)('recorded fixtures, $client', ({ connect }) => {
  it('have nothing in them of credentials and request bodies, and lie in their folder', async () => {
    await using folder = await tempDir();
    const headers = { Vary: Object.keys(secrets).join(', ') };
    const paths = ['/', '/..%2f..%2fetc', '/CON', '/.', '/%00', `/${'x'.repeat(4000)}`];
    const routes = Object.fromEntries(
      paths.map((path) => [new URL(path, 'http://a.test').pathname, answers({ headers })]),
    );
    await using origin = await startOrigin(routes);
    const cache = new HttpCache(recordAndReplay({ folder: join(folder.path, 'fixtures'), mode: 'record' }));
    const client = connect(cache);
    for (const path of paths) {
      await client.fetch(origin.url + path, get);
      await client.fetch(origin.url + path, post);
    }
    await cache.close();
    expect(readdirSync(folder.path)).toEqual(['fixtures']);
    const names = readdirSync(join(folder.path, 'fixtures'));
    // One for what is stored for GET and one for POST, and what leads to them.
    expect(names.length).toBeGreaterThan(2 * (paths.length - 1));
    for (const name of names) {
      expect(name).toMatch(/^[A-Za-z0-9.-]{1,120}$/);
      expect(readFileSync(join(folder.path, 'fixtures', name), 'utf8')).not.toMatch(planted);
    }
  });
});
