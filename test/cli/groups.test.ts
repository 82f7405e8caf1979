import { describe, expect, it } from 'vitest';
import got from 'got';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/index.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { startOrigin, type OriginCall } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { runCommand } from './run-command.ts';
import { receivedAt } from './sample-store.ts';

describe('ls of what has tags', () => {
  it('tells what was invalidated, and what was marked as stale', async () => {
    await using folder = await tempDir();
    const clock = { now: () => receivedAt };
    const routes = {
      '/a': (call: OriginCall) => send(call, { body: 'a', headers: [fresh] }),
      '/b': (call: OriginCall) => send(call, { body: 'b', headers: [fresh] }),
      '/c': (call: OriginCall) => send(call, { body: 'c', headers: [fresh] }),
    };
    await using origin = await startOrigin(routes, { date: new Date(receivedAt) });
    const manager = new StreamingManager({ path: folder.path, minFree: 0 });
    const cache = new HttpCache({ manager, clock, tags: ({ url }) => [new URL(url).pathname] });
    const client = got.extend(gotCache({ cache }));
    for (const path of ['/a', '/b', '/c']) await client(`${origin.url}${path}`);
    await cache.idle();
    await cache.invalidate({ tag: '/a' });
    await cache.markStale({ tag: '/b' });
    await cache.close();
    const { lines } = await runCommand(['ls', folder.path]);
    const told = lines.map((line) =>
      line
        .replace(origin.url, '')
        .trim()
        .split(/\s{2,}/)
        .slice(-2),
    );
    expect(told).toContainEqual([expect.stringMatching(/^invalidated/), '/a']);
    expect(told).toContainEqual([expect.stringMatching(/^stale/), '/b']);
    expect(told).toContainEqual([expect.stringMatching(/^fresh/), '/c']);
  });
});
