import { describe, expect, it } from 'vitest';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

/** An origin whose first answer ends when it is told to. */
const slowAtFirst: Route = async ({ request, response, nth, toldToGoOn }) => {
  response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Location': '/' });
  response.write(`${request.method} ${nth}`);
  if (nth === 1) await toldToGoOn;
  response.end();
};

describe.each(managers)('a response that ends after one to a later request, over $name', ({ make }) => {
  it.each(['GET', 'POST'])('does not take its place: %s', async (method) => {
    await using origin = await startOrigin({ '/': slowAtFirst });
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    let begun: () => void = () => undefined;
    const head = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const first = fetchThrough(cache, url, { method, onHead: () => begun() });
    await head;
    await fetchThrough(cache, url, { options: { mode: 'reload' } });
    origin.goOn();
    expect((await first).body).toBe(`${method} 1`);
    await cache.idle();
    expect(await fetchThrough(cache, url)).toMatchObject({ body: 'GET 2', info: { outcome: 'hit' } });
  });

  it('does not take its place as the copy of a variant that it confirmed', async () => {
    await using origin = await startOrigin({
      '/': async ({ request, response, nth, toldToGoOn }) => {
        const version = nth < 3 ? 1 : 2;
        const headers = { 'Cache-Control': 'max-age=60', Vary: 'Accept', ETag: `"${version}"` };
        if (request.headers['if-none-match'] === headers.ETag) {
          await toldToGoOn;
          response.writeHead(304, headers).end();
        } else response.writeHead(200, headers).end(`version ${version}`);
      },
    });
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, { headers: [['Accept', 'a1']] });
    const second = { headers: [['Accept', 'a2']] } as const;
    const older = fetchThrough(cache, url, second);
    await origin.received('/', 2);
    await fetchThrough(cache, url, { ...second, options: { mode: 'reload' } });
    origin.goOn();
    expect((await older).body).toBe('version 1');
    await cache.idle();
    expect((await fetchThrough(cache, url, second)).body).toBe('version 2');
  });
});
