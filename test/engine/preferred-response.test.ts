import { describe, expect, it } from 'vitest';
import { startOrigin } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

describe.each(managers)('of several stored responses over $name', ({ make }) => {
  it('the one whose Vary matches answers before a later one that has none (RFC 9111 §4.1)', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        const language = request.headers['accept-language'];
        const vary = language === undefined ? {} : { Vary: 'Accept-Language' };
        response.writeHead(200, { 'Cache-Control': 'max-age=600', ...vary }).end(language ?? 'default');
      },
    });
    const { cache, advance } = makeRig({ manager: make() });
    const german = { headers: [['Accept-Language', 'de']] } as const;
    await fetchThrough(cache, `${origin.url}/`, german);
    advance(1000);
    await fetchThrough(cache, `${origin.url}/`);
    expect((await fetchThrough(cache, `${origin.url}/`, german)).body).toBe('de');
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('default');
    expect(origin.count()).toBe(2);
  });

  it('the one for the credentials of the request answers before a later one for anybody', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        const user = request.headers.authorization;
        const vary = user === undefined ? { Vary: 'Accept-Language' } : {};
        response.writeHead(200, { 'Cache-Control': 'max-age=600', ...vary }).end(user ?? 'anonymous');
      },
    });
    const { cache, advance } = makeRig({ manager: make() });
    const ada = { headers: [['Authorization', 'ada']] } as const;
    await fetchThrough(cache, `${origin.url}/`, ada);
    advance(1000);
    await fetchThrough(cache, `${origin.url}/`);
    expect((await fetchThrough(cache, `${origin.url}/`, ada)).body).toBe('ada');
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('anonymous');
    expect(origin.count()).toBe(2);
  });

  it('the one that took the place of another answers, though it varies by nothing any more', async () => {
    await using origin = await startOrigin({
      '/': ({ response, nth }) => {
        response.sendDate = false;
        const vary = nth === 1 ? { Vary: 'Accept-Language' } : {};
        response.writeHead(200, { 'Cache-Control': 'max-age=60', ...vary }).end(`body ${nth}`);
      },
    });
    const { cache, advance } = makeRig({ manager: make() });
    const german = { headers: [['Accept-Language', 'de']] } as const;
    await fetchThrough(cache, `${origin.url}/`, german);
    advance(61_000);
    expect((await fetchThrough(cache, `${origin.url}/`, german)).body).toBe('body 2');
    expect((await fetchThrough(cache, `${origin.url}/`, german)).info.outcome).toBe('hit');
    expect(origin.count()).toBe(2);
  });

  it('the one for anybody stays when a user gets another in its place', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        response.sendDate = false;
        const user = request.headers.authorization;
        const vary = user === undefined ? { Vary: 'Accept-Language' } : {};
        response.writeHead(200, { 'Cache-Control': 'max-age=60', ...vary }).end(user ?? 'anonymous');
      },
    });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    const headers = [['Authorization', 'ada']] as const;
    await fetchThrough(cache, `${origin.url}/`, { headers, options: { mode: 'reload' } });
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
    expect((await fetchThrough(cache, `${origin.url}/`, { headers })).body).toBe('ada');
  });

  it('the one with the latest Date answers (RFC 9111 §4)', async () => {
    const now = Date.now();
    await using origin = await startOrigin({
      '/': ({ response, nth }) => {
        response.writeHead(200, {
          'Cache-Control': 'max-age=600',
          Vary: nth === 1 ? 'X-A' : 'X-B',
          Date: new Date(nth === 1 ? now : now - 60_000).toUTCString(),
        });
        response.end(`body ${nth}`);
      },
    });
    const { cache, advance } = makeRig({ manager: make() }, now);
    await fetchThrough(cache, `${origin.url}/`, { headers: [['X-A', '1']] });
    advance(5000);
    await fetchThrough(cache, `${origin.url}/`, { headers: [['X-B', '1']] });
    const both = {
      headers: [
        ['X-A', '1'],
        ['X-B', '1'],
      ],
    } as const;
    expect((await fetchThrough(cache, `${origin.url}/`, both)).body).toBe('body 1');
  });
});
