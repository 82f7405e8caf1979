import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/index.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { type Route, startOrigin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { clientRows } from '../streams/clients.ts';

/** What would be another file, no file or no name, were it taken for one. */
const hostile = [
  '..%2f..%2fetc%2fpasswd',
  '..%5c..%5cwindows',
  '%2e%2e/%2e%2e/x',
  'a%00b',
  'CON',
  'nul.txt',
  'a.',
  'a%20',
  '.%2f',
  '~',
  '-rf',
  '%F0%9F%98%80',
  '%ED%A0%80',
  'x'.repeat(9000),
  'README',
  'readme',
];

const suffixes = [
  ...hostile.map((name) => decodeURIComponent(name.replace('%ED%A0%80', 'surrogate'))),
  '\uD800',
  '..',
  '',
];

const echo: Route = (call) => send(call, { headers: [fresh], body: call.request.url ?? '' });

describe.each(clientRows)('names of files, $client', ({ connect }) => {
  it('have nothing in them of URLs and keys, whatever these are', async () => {
    await using folder = await tempDir();
    const manager = new StreamingManager({ path: join(folder.path, 'store'), minFree: 0 });
    let suffix: string | undefined;
    const cache = new HttpCache({
      manager,
      cacheKey: () => (suffix === undefined ? undefined : { suffix }),
    });
    const client = connect(cache);
    const paths = hostile.map((name) => `/${name}`);
    const routes = Object.fromEntries(paths.map((path) => [new URL(path, 'http://a.test').pathname, echo]));
    await using origin = await startOrigin({ ...routes, '/': echo });
    for (const outcome of ['miss', 'hit']) {
      const asked: readonly (readonly [path: string, suffix: string | undefined])[] = [
        ...paths.map((path) => [path, undefined] as const),
        ...suffixes.map((one) => ['/', one] as const),
      ];
      for (const [path, one] of asked) {
        suffix = one;
        const { body, info } = await client.fetch(origin.url + path);
        expect([path, one, info?.outcome]).toEqual([path, one, outcome]);
        expect(body.toString()).toBe(new URL(path, origin.url).pathname);
        await cache.idle();
      }
    }
    expect(readdirSync(folder.path)).toEqual(['store']);
    const found = readdirSync(join(folder.path, 'store'), { recursive: true }).map(String);
    const known =
      /^(?:cache-v\d+|metadata|content|incoming|leases|ledger|secret|format\.json|CACHEDIR\.TAG)$/;
    const digest = /^[0-9a-f]{2,128}$/;
    const random = /^[0-9a-z]{8}-[0-9a-f]{16}$/;
    expect(
      found
        .map((path) => basename(path))
        .filter((name) => [known, digest, random].every((form) => !form.test(name))),
    ).toEqual([]);
    await cache.close();
  });
});
