import { describe, expect, it } from 'vitest';
import type { HttpCacheOptions } from '../../src/engine/options.ts';
import { startOrigin, type Origin } from '../helpers/origin.ts';
import { makeRig, managers, type Rig } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

/** An origin whose answers, confirmations too, have this Cache-Control and fields that tell which answer it was. */
function answering(cacheControl: string): Promise<Origin> {
  return startOrigin({
    '/': ({ request, response, nth }) => {
      response.sendDate = false;
      const isKnown = request.headers['if-none-match'] === '"e"';
      response.writeHead(isKnown ? 304 : 200, {
        'Cache-Control': cacheControl,
        ETag: '"e"',
        'X-User': `user ${nth}`,
        'X-All': `all ${nth}`,
      });
      response.end(isKnown ? undefined : 'body');
    },
  });
}

function asking(
  origin: Origin,
  options: HttpCacheOptions,
): Rig & { readonly ask: () => Promise<(string | undefined)[]> } {
  const rig = makeRig(options);
  const ask = async () => {
    const { headers, info } = await fetchThrough(rig.cache, `${origin.url}/`);
    const valueOf = (name: string) => headers.find(([one]) => one === name)?.[1];
    return [info.outcome, valueOf('X-User'), valueOf('X-All')];
  };
  return { ...rig, ask };
}

describe.each(managers)('directives that name fields, over $name', ({ make }) => {
  it('a field that no-cache names comes with a validation only', async () => {
    await using origin = await answering('max-age=60, no-cache="X-User"');
    const { ask, advance } = asking(origin, { manager: make() });
    expect(await ask()).toEqual(['miss', 'user 1', 'all 1']);
    expect(await ask()).toEqual(['hit', undefined, 'all 1']);
    advance(61_000);
    expect(await ask()).toEqual(['revalidated', 'user 2', 'all 2']);
    expect(await ask()).toEqual(['hit', undefined, 'all 2']);
  });

  it('a field that private names is not stored in a shared cache', async () => {
    await using origin = await answering('max-age=60, private="X-User"');
    const shared = asking(origin, { manager: make(), shared: true });
    expect(await shared.ask()).toEqual(['miss', 'user 1', 'all 1']);
    expect(await shared.ask()).toEqual(['hit', undefined, 'all 1']);
    shared.advance(61_000);
    expect(await shared.ask()).toEqual(['revalidated', 'user 2', 'all 2']);
    expect(await shared.ask()).toEqual(['hit', undefined, 'all 2']);
  });

  it('a field that private names is stored in a private cache', async () => {
    await using origin = await answering('max-age=60, private="X-User"');
    const { ask } = asking(origin, { manager: make() });
    await ask();
    expect(await ask()).toEqual(['hit', 'user 1', 'all 1']);
  });
});
