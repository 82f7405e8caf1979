import { describe, expect, it } from 'vitest';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const answering =
  (headers: Record<string, string>): Route =>
  ({ response, nth }) => {
    response.sendDate = false;
    response.writeHead(200, headers).end(`body ${nth}`);
  };

const fresh = { 'Cache-Control': 'max-age=60', ETag: '"e"' };
const stale = { 'Cache-Control': 'max-age=0, must-revalidate', ETag: '"e"' };

describe.each(managers)('modes over $name', ({ make }) => {
  it('no-store neither looks up nor stores, and leaves what is there', async () => {
    await using origin = await startOrigin({ '/': answering(fresh) });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    const past = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'no-store' } });
    expect(past).toMatchObject({ body: 'body 2', info: { outcome: 'bypass', reason: 'mode' } });
    expect(await fetchThrough(cache, `${origin.url}/`)).toMatchObject({
      body: 'body 1',
      info: { outcome: 'hit' },
    });
  });

  it('reload asks with no-cache and stores the answer', async () => {
    await using origin = await startOrigin({ '/': answering(fresh) });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    const again = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'reload' } });
    expect(again).toMatchObject({ body: 'body 2', info: { outcome: 'miss', reason: 'request' } });
    const [, sent] = origin.requests('/');
    expect(sent?.headers).toContainEqual(['Cache-Control', 'no-cache']);
    expect(sent?.headers).toContainEqual(['Pragma', 'no-cache']);
    expect(sent?.headers.map(([name]) => name)).not.toContain('If-None-Match');
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 2');
  });

  it("reload leaves the caller's own Cache-Control", async () => {
    await using origin = await startOrigin({ '/': answering(fresh) });
    const { cache } = makeRig({ manager: make() });
    const headers = [['Cache-Control', 'max-age=5']] as const;
    await fetchThrough(cache, `${origin.url}/`, { headers, options: { mode: 'reload' } });
    const sent = origin.requests('/')[0]?.headers.filter(([name]) => name === 'Cache-Control');
    expect(sent).toEqual([['Cache-Control', 'max-age=5']]);
  });

  it('no-cache validates what is fresh', async () => {
    await using origin = await startOrigin({ '/': answering(fresh) });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    const again = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'no-cache' } });
    expect(again.info).toMatchObject({ outcome: 'miss', reason: 'request', revalidated: true });
    expect(origin.requests('/')[1]?.headers).toContainEqual(['If-None-Match', '"e"']);
    expect(origin.requests('/')[1]?.headers).toContainEqual(['Cache-Control', 'max-age=0']);
  });

  it('force-cache reuses at any age, must-revalidate or not', async () => {
    await using origin = await startOrigin({ '/': answering(stale) });
    const { cache, advance } = makeRig({ manager: make(), mode: 'force-cache' });
    await fetchThrough(cache, `${origin.url}/`);
    advance(1e9);
    expect((await fetchThrough(cache, `${origin.url}/`)).info).toMatchObject({
      outcome: 'hit',
      reason: 'forced',
    });
  });

  it('only-if-cached reuses at any age, and answers 504 without asking', async () => {
    await using origin = await startOrigin({ '/': answering(stale) });
    const { cache, advance } = makeRig({ manager: make() });
    const offline = { options: { mode: 'only-if-cached' } } as const;
    const nothing = await fetchThrough(cache, `${origin.url}/`, offline);
    expect(nothing).toMatchObject({ status: 504, body: '', info: { outcome: 'unsatisfiable' } });
    await fetchThrough(cache, `${origin.url}/`);
    advance(1e9);
    expect((await fetchThrough(cache, `${origin.url}/`, offline)).body).toBe('body 1');
    const part = await fetchThrough(cache, `${origin.url}/`, {
      ...offline,
      headers: [['Range', 'bytes=0-3']],
    });
    expect(part).toMatchObject({ status: 206, body: 'body' });
    const parts = await fetchThrough(cache, `${origin.url}/`, {
      ...offline,
      headers: [['Range', 'bytes=0-0,2-2']],
    });
    expect(parts.status).toBe(504);
    expect(origin.count()).toBe(1);
  });

  it('the directive only-if-cached takes what is stale only as max-stale allows', async () => {
    await using origin = await startOrigin({ '/': answering({ 'Cache-Control': 'max-age=10' }) });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(20_000);
    const ask = (directives: string) =>
      fetchThrough(cache, `${origin.url}/`, { headers: [['Cache-Control', directives]] });
    expect((await ask('only-if-cached')).status).toBe(504);
    expect((await ask('only-if-cached, max-stale=60')).info).toMatchObject({
      outcome: 'stale',
      reason: 'max-stale',
    });
    expect(origin.count()).toBe(1);
  });

  it('ignore-rules stores every 200, and reuses it up to maxTtl', async () => {
    await using origin = await startOrigin({ '/': answering({ 'Cache-Control': 'no-store' }) });
    const { cache, advance } = makeRig({ manager: make(), mode: 'ignore-rules', maxTtl: 60_000 });
    await fetchThrough(cache, `${origin.url}/`);
    advance(59_000);
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
    advance(2000);
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 2');
  });

  it('ignore-rules minds no Vary: * either, but the default mode does', async () => {
    await using origin = await startOrigin({ '/': answering({ ...fresh, Vary: '*' }) });
    const { cache } = makeRig({ manager: make() });
    const regardless = { options: { mode: 'ignore-rules' } } as const;
    await fetchThrough(cache, `${origin.url}/`, regardless);
    expect((await fetchThrough(cache, `${origin.url}/`, regardless)).info.outcome).toBe('hit');
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('miss');
  });

  it('a request names its mode before the function does', async () => {
    await using origin = await startOrigin({ '/': answering(fresh) });
    const { cache } = makeRig({ manager: make(), mode: () => 'no-store' });
    await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'default' } });
    const offline = { options: { mode: 'only-if-cached' } } as const;
    expect((await fetchThrough(cache, `${origin.url}/`, offline)).body).toBe('body 1');
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('bypass');
  });

  it('responseMode stores by the response, and what it forced in is reused', async () => {
    await using origin = await startOrigin({ '/': answering({ 'Cache-Control': 'no-store' }) });
    const { cache, advance } = makeRig({
      manager: make(),
      responseMode: (_request, response) => (response.status === 200 ? 'ignore-rules' : undefined),
    });
    await fetchThrough(cache, `${origin.url}/`);
    advance(1e6);
    expect((await fetchThrough(cache, `${origin.url}/`)).info).toMatchObject({
      outcome: 'hit',
      reason: 'forced',
    });
  });

  it('what responseMode said is the last to be heard', async () => {
    await using origin = await startOrigin({ '/': answering({ 'Cache-Control': 'max-age=0', ETag: '"e"' }) });
    const manager = make();
    const { cache } = makeRig({ manager, responseMode: () => 'force-cache' });
    await fetchThrough(cache, `${origin.url}/`);
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
    const named = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'default' } });
    expect(named.info).toMatchObject({ outcome: 'miss', reason: 'stale' });
    const headers = [['Cache-Control', 'no-cache']] as const;
    expect((await fetchThrough(cache, `${origin.url}/`, { headers })).info.reason).toBe('request');
    const strict = makeRig({ manager: make(), mode: 'default', responseMode: () => 'force-cache' });
    await fetchThrough(strict.cache, `${origin.url}/`);
    expect((await fetchThrough(strict.cache, `${origin.url}/`)).info.reason).toBe('stale');
  });
});
