import followRedirects from 'follow-redirects';
import got from 'got';
import type http from 'node:http';
import { expect, it } from 'vitest';
import { gotCache } from '../../src/got/index.ts';
import { cacheInfo } from '../../src/index.ts';
import { startOrigin } from '../helpers/origin.ts';

const { http: following } = followRedirects;
const request: typeof http.request = (url: unknown, ...rest: unknown[]) =>
  Reflect.apply(Reflect.get(following, 'request'), following, [String(url), ...rest]);

it('stores nothing under the URI of a redirect that a request function of the user followed', async () => {
  let target = '/one';
  await using origin = await startOrigin({
    '/moved': ({ response }) => void response.writeHead(302, { location: target }).end(),
    '/one': ({ response }) => void response.writeHead(200, { 'cache-control': 'max-age=60' }).end('one'),
    '/two': ({ response }) => void response.writeHead(200, { 'cache-control': 'max-age=60' }).end('two'),
  });
  const extension = gotCache();
  const client = got.extend(extension, { request });

  const first = await client(`${origin.url}/moved`);
  expect(cacheInfo(first)).toMatchObject({ notStored: 'redirected' });
  await extension.cache.idle();
  target = '/two';
  expect((await client(`${origin.url}/moved`)).body).toBe('two');
});

it('stores what such a function gives where there was no redirect', async () => {
  await using origin = await startOrigin({
    '/one': ({ response }) => void response.writeHead(200, { 'cache-control': 'max-age=60' }).end('one'),
  });
  const extension = gotCache();
  const client = got.extend(extension, { request });
  const url = new URL('/one#top', origin.url);
  url.username = 'ada';
  const first = await client(url);
  expect(cacheInfo(first)).toMatchObject({ outcome: 'miss', stored: true });
  await extension.cache.idle();
  expect((await client(url)).isFromCache).toBe(true);
});

it('asks through such a function without a condition after a 304 that confirms nothing stored', async () => {
  await using origin = await startOrigin({
    '/': ({ request: { headers }, response, nth }) => {
      // RFC 9111 §4.3.3: the response to the condition names another one than it was made from.
      if (headers['if-none-match'] !== undefined) response.writeHead(304, { etag: '"other"' }).end();
      else response.writeHead(200, { etag: `"${nth}"`, 'cache-control': 'no-cache' }).end(`page ${nth}`);
    },
  });
  const extension = gotCache();
  const client = got.extend(extension, { request, headers: { 'X-List': ['a', 'b'] } });
  await client(origin.url);
  await extension.cache.idle();
  const { statusCode, body } = await client(origin.url);
  expect({ statusCode, body }).toEqual({ statusCode: 200, body: 'page 3' });
  const [first, second, third] = origin.requests();
  expect(second?.headers).toContainEqual(['If-None-Match', '"1"']);
  expect(third?.headers).toEqual(first?.headers);
});
