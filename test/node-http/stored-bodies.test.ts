import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import axios from 'axios';
import got from 'got';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { cacheInfo, type HttpCache } from '../../src/index.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { drain } from '../helpers/drain.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { type Route, startOrigin } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { closeOf, eventsOf, responseTo, rigOn } from './caching-rig.ts';
import { streamedManager } from './streamed-manager.ts';

const streamOf = (...chunks: Buffer[]): Readable => Readable.from(chunks, { objectMode: false });

const moved =
  (cacheControl: string): Route =>
  ({ response, date }) => {
    const headers = { date, location: '/json', 'cache-control': cacheControl, etag: '"1"' };
    response.writeHead(301, headers).end('moved');
  };

describe('a stored body that cannot be read, with no origin left to ask', () => {
  it.each(['/etag', '/moved'])('fails its response, whatever the status is: %s', async (path) => {
    const origin = await startOrigin({
      ...originRoutes,
      '/moved': moved('max-age=0, stale-if-error=60'),
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

/** Gives nothing, ever. */
const hung = (): Readable => new Readable({ read: () => undefined });

describe('a stored body that gives nothing before its response is handed out', () => {
  const failures: [what: string, bodyOf: () => Readable][] = [
    [
      'is not opened',
      () => {
        throw new Error('store down');
      },
    ],
    [
      'fails',
      () =>
        new Readable({
          read() {
            this.destroy(new Error('EIO'));
          },
        }),
    ],
    [
      'is closed',
      () =>
        new Readable({
          read() {
            this.destroy();
          },
        }),
    ],
    ['is empty', () => streamOf()],
    ['hangs', hung],
  ];
  const paths = ['/json', '/etag', '/moved'];
  it.each(failures.flatMap(([what, bodyOf]) => paths.map((path) => [what, path, bodyOf] as const)))(
    'is asked of the origin when it %s: %s',
    async (_what, path, bodyOf) => {
      await using origin = await startOrigin({ ...originRoutes, '/moved': moved('max-age=60') });
      let faults = 0;
      const rig = rigOn(streamedManager(bodyOf), {
        managerTimeout: 20,
        onEvent: ({ type }) => void (faults += type === 'error' ? 1 : 0),
      });
      const body = await rig.fetch(`${origin.url}${path}`);
      const request = rig.open(`${origin.url}${path}`);
      const events = eventsOf(request, ['finish', 'response', 'error', 'close']);
      const closed = closeOf(request);
      const response = await responseTo(request.end());
      expect(cacheInfo(response)).toMatchObject({ outcome: 'miss', reason: 'fault' });
      expect((await drain(response)).toString()).toBe(body);
      await closed;
      expect(events).toEqual(['finish', 'response', 'close']);
      expect(faults).toBe(1);
    },
  );

  it.each(['got', 'axios'])('is no failure for %s', async (client) => {
    await using origin = await startOrigin(originRoutes);
    const rig = rigOn(streamedManager(hung), { managerTimeout: 20 });
    const ask = await asker(client, rig.cache);
    expect(await ask(`${origin.url}/redirect`, 5000)).toBe(await ask(`${origin.url}/redirect`, 5000));
  });

  it.each(['got', 'axios'])('is no failure for %s when it is corrupt on disk', async (client) => {
    await using origin = await startOrigin(originRoutes);
    await using folder = await tempDir();
    const manager = new StreamingManager({ path: folder.path });
    const rig = rigOn(manager);
    const ask = await asker(client, rig.cache);
    const url = `${origin.url}/large?bytes=100000`;
    const body = await ask(url, 5000);
    await rig.cache.idle();
    for (const entry of await readdir(folder.path, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await stat(file)).size >= 100_000) {
        // One file may have two names.
        await writeFile(file, (await readFile(file)).fill(0, 500, 600));
      }
    }
    expect(await ask(url, 5000)).toBe(body);
    expect(origin.count()).toBe(2);
    await manager.close();
  });

  it.each(['got', 'axios', 'axios without redirects'])('is bound by the timeout of %s', async (client) => {
    await using origin = await startOrigin(originRoutes);
    const rig = rigOn(streamedManager(hung), { managerTimeout: 60_000 });
    await rig.fetch(`${origin.url}/json`);
    const ask = await asker(client, rig.cache);
    await expect(ask(`${origin.url}/json`, 20)).rejects.toMatchObject({
      code: client === 'got' ? 'ETIMEDOUT' : 'ECONNABORTED',
    });
    expect(origin.count()).toBe(1);
  });

  it('is let go of when its request is destroyed', async () => {
    await using origin = await startOrigin(originRoutes);
    const body = hung();
    const rig = rigOn(streamedManager(() => body));
    await rig.fetch(`${origin.url}/json`);
    const request = rig.open(`${origin.url}/json`);
    const events = eventsOf(request, ['response', 'error', 'close']);
    request.end();
    await once(request, 'finish');
    await new Promise(setImmediate);
    request.destroy();
    await closeOf(request);
    expect(events).toEqual(['error', 'close']);
    expect(body.destroyed).toBe(true);
    expect(origin.count()).toBe(1);
  });
});

describe('a stored body that stalls', () => {
  it.each(['got', 'axios', 'axios without redirects'])('is bound by the timeout of %s', async (client) => {
    const part = Buffer.from('plum');
    await using origin = await startOrigin({
      ...originRoutes,
      '/stalls': ({ response }) => void response.writeHead(200).write(part),
    });
    const rig = rigOn(
      streamedManager(() => {
        const body = hung();
        body.push(part);
        return body;
      }),
    );
    await rig.fetch(`${origin.url}/json`);
    const ask = await asker(client, rig.cache);
    const failureOf = (path: string): Promise<unknown> =>
      ask(`${origin.url}${path}`, 50).then(
        () => undefined,
        ({ code, message }: NodeJS.ErrnoException) => ({ code, message }),
      );
    const withoutCache = await failureOf('/stalls');
    expect(withoutCache).toMatchObject({ code: expect.any(String) as unknown });
    expect(await failureOf('/json')).toEqual(withoutCache);
    expect(origin.count('/json')).toBe(1);
  });
});

/** Asks for a body by a client of the cache. */
async function asker(
  client: string,
  cache: HttpCache,
): Promise<(url: string, timeout: number) => Promise<string>> {
  if (client === 'got') {
    const api = got.extend(gotCache({ cache }), { retry: { limit: 0 } });
    return async (url, socket) => (await api(url, { timeout: { socket } })).body;
  }
  const api = axios.create(client === 'axios' ? {} : { maxRedirects: 0 });
  installCache(api, { cache });
  return async (url, timeout) => (await api.get<string>(url, { timeout, responseType: 'text' })).data;
}
