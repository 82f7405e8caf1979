import { Readable } from 'node:stream';
import axios from 'axios';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { cacheInfo } from '../../src/index.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { drain } from '../helpers/drain.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { closeOf, eventsOf, responseTo, rigOn } from './caching-rig.ts';
import { streamedManager } from './streamed-manager.ts';

const streamOf = (...chunks: Buffer[]): Readable => Readable.from(chunks, { objectMode: false });

describe('a stored body that cannot be read, with no origin left to ask', () => {
  it.each(['/etag', '/moved'])('fails its response, whatever the status is: %s', async (path) => {
    const origin = await startOrigin({
      ...originRoutes,
      '/moved': ({ response, date }) => {
        const headers = { date, location: '/json', 'cache-control': 'max-age=0', etag: '"1"' };
        response.writeHead(301, headers).end('moved');
      },
    });
    const down = new Error('store down');
    const rig = rigOn(
      streamedManager(() => {
        throw down;
      }),
    );
    await rig.fetch(`${origin.url}${path}`);
    await origin.close();
    const response = await responseTo(rig.open(`${origin.url}${path}`).end());
    expect(cacheInfo(response)?.reason).toBe('disconnected');
    await expect(drain(response)).rejects.toBe(down);
  });
});

describe('a stored body of another length than was stored', () => {
  it.each<[what: string, change: (body: Buffer) => Buffer[]]>([
    ['shorter', (body) => [body.subarray(0, -1)]],
    ['longer', (body) => [body, Buffer.from('!')]],
  ])('is aborted: %s', async (_what, change) => {
    await using origin = await startOrigin(originRoutes);
    const rig = rigOn(streamedManager((body) => streamOf(...change(body))));
    await rig.fetch(`${origin.url}/json`);
    const response = await responseTo(rig.open(`${origin.url}/json`).end());
    const events = eventsOf(response, ['aborted', 'end', 'error', 'close']);
    const closed = closeOf(response);
    response.resume();
    await closed;
    expect(events).toEqual(['aborted', 'error', 'close']);
    expect(response).toMatchObject({ complete: false, aborted: true });
    expect(response.errored).toMatchObject({ message: 'aborted', code: 'ECONNRESET' });
  });

  it('is aborted where it is at hand', async () => {
    await using origin = await startOrigin(originRoutes);
    const manager = new MemoryManager();
    const rig = rigOn(manager);
    await rig.fetch(`${origin.url}/json`);
    const getStream = manager.getStream.bind(manager);
    manager.getStream = (cacheKey) => {
      const stored = getStream(cacheKey);
      return stored && { ...stored, body: stored.body?.subarray(1), release: () => undefined };
    };
    const request = rig.open(`${origin.url}/json`).end();
    await expect(responseTo(request).then(drain)).rejects.toMatchObject({ message: 'aborted' });
    const api = axios.create();
    installCache(api, { cache: rig.cache });
    for (let time = 0; time < 2; time += 1) {
      await expect(api.get(`${origin.url}/json`)).rejects.toMatchObject({ code: 'ERR_BAD_RESPONSE' });
    }
  });
});
