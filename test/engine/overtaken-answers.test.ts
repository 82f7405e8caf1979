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
});
