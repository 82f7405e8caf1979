import { brotliCompressSync, gzipSync } from 'node:zlib';
import { HttpCache } from '../../src/index.ts';
import { recordAndReplay, type RecordAndReplayOptions } from '../../src/testing/index.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import type { Asked, Client, ClientRow } from '../streams/clients.ts';

/** Answers of every kind that is recorded. */
export const routes: Readonly<Record<string, Route>> = {
  '/json': ({ response, nth }) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ETag: '"e"' });
    response.end(`{"nth":${nth},"ü":"é"}`);
  },
  '/gzip': ({ response }) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding, User-Agent' });
    response.end(gzipSync('packed'));
  },
  '/br': ({ response }) => {
    const body = brotliCompressSync('packed, too');
    response.writeHead(200, {
      'Content-Encoding': 'br',
      'Content-Length': body.byteLength,
      'Content-Type': 'text/html',
    });
    response.end(body);
  },
  '/picture': ({ response }) =>
    void response.writeHead(200, { 'Content-Type': 'image/png' }).end(Buffer.from([0x89, 0x50, 0xff, 0])),
  '/long': ({ response }) => {
    for (let nth = 0; nth < 3; nth += 1) response.write('a part of it, '.repeat(10_000));
    response.end();
  },
  '/old': ({ response }) =>
    void response.writeHead(302, { Location: '/json', 'Cache-Control': 'no-store' }).end(),
  '/absent': ({ response }) => void response.writeHead(404).end('no such page'),
  '/busy': ({ response }) => void response.writeHead(429, { 'Retry-After': '0' }).end('later'),
  '/empty': ({ response }) => void response.writeHead(204).end(),
  '/search': ({ request, response, nth }) => {
    request.resume();
    response.writeHead(201).end(`found ${nth}`);
  },
  '/whoever': ({ request, response, nth }) => {
    response.writeHead(200, { Vary: 'Authorization, Cookie', 'Set-Cookie': `session=${nth}` });
    response.end(`${request.headers.authorization ?? 'nobody'} ${nth}`);
  },
  '/page': ({ request, response, nth }) => {
    const type = request.headers.accept?.includes('html') === true ? 'text/html' : 'application/json';
    response.writeHead(200, { 'Content-Type': type, Vary: 'Accept' }).end(`${type} ${nth}`);
  },
  '/aged': ({ response, date }) => {
    response.writeHead(200, { Age: '7', Date: date, 'Cache-Control': 'max-age=10' }).end('aged');
  },
};

/** A request with a body. */
export const post = (body: string): Asked => ({
  method: 'POST',
  body,
  headers: { 'Content-Type': 'text/plain' },
});

/** Gives a client of one kind that records or replays, for as long as it is used. */
export function recordingWith(connect: ClientRow['connect']): {
  readonly withMode: <T>(
    folder: string,
    mode: RecordAndReplayOptions['mode'],
    use: (client: Client, cache: HttpCache) => Promise<T>,
  ) => Promise<T>;
  /** Records, lets the origin go, and replays. */
  readonly both: <T>(
    use: (client: Client, url: string) => Promise<T>,
  ) => Promise<readonly [recorded: T, replayed: T]>;
} {
  async function withMode<T>(
    folder: string,
    mode: RecordAndReplayOptions['mode'],
    use: (client: Client, cache: HttpCache) => Promise<T>,
  ): Promise<T> {
    await using cache = new HttpCache(recordAndReplay({ folder, mode }));
    const used = await use(connect(cache), cache);
    await cache.idle();
    return used;
  }

  async function both<T>(
    use: (client: Client, url: string) => Promise<T>,
  ): Promise<readonly [recorded: T, replayed: T]> {
    await using folder = await tempDir();
    const origin = await startOrigin(routes);
    const run = (client: Client): Promise<T> => use(client, origin.url);
    const recorded = await withMode(folder.path, 'record', run);
    await origin.close();
    return [recorded, await withMode(folder.path, 'replay', run)];
  }
  return { withMode, both };
}

/** The body of a response of any status, as text. */
export async function textOf(client: Client, url: string, asked: Asked = {}): Promise<string> {
  return String((await client.fetch(url, { anyStatus: true, ...asked })).body);
}
