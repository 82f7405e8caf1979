import { once } from 'node:events';
import { Agent, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { cacheInfo } from '../../src/index.ts';
import { MemoryManager } from '../../src/managers/memory/index.ts';
import { drain } from '../helpers/drain.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { closeOf, eventsOf, makeRig, responseTo, rigOn } from './caching-rig.ts';

const requestEvents = ['abort', 'error', 'finish', 'response', 'close'];

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(100_000);
}

describe('a stored response', () => {
  it('comes without the origin, after the request was sent, in a later turn', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const body = await rig.fetch(`${origin.url}/json`);
    const request = rig.open(`${origin.url}/json`);
    const events = eventsOf(request, requestEvents);
    const closed = closeOf(request);
    request.end(() => events.push('end callback'));
    expect(events).toEqual([]);
    const response = await responseTo(request);
    expect(cacheInfo(response)?.outcome).toBe('hit');
    expect((await drain(response)).toString()).toBe(body);
    await closed;
    expect(events).toEqual(['finish', 'end callback', 'response', 'close']);
    expect(origin.count()).toBe(1);
  });

  it('has no body yet when its head comes, as from the wire', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const body = await rig.fetch(`${origin.url}/json`);
    const request = rig.open(`${origin.url}/json`);
    const atOnce = new Promise((resolve) => {
      request.once('response', (response) => resolve(response.read()));
    });
    request.end();
    expect(await atOnce).toBeNull();
    const response = request.res;
    expect(response === null ? undefined : (await drain(response)).toString()).toBe(body);
  });

  it('is released unread when nobody waits for it', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    await rig.fetch(`${origin.url}/json`);
    const request = rig.open(`${origin.url}/json`).end();
    await once(request, 'close');
    expect(request.res?.complete).toBe(true);
  });

  it('is let go of when its request is destroyed, as a connection would be', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    await rig.fetch(`${origin.url}/large?bytes=1000000`);
    const request = rig.open(`${origin.url}/large?bytes=1000000`).end();
    const response = await responseTo(request);
    const events = eventsOf(response, ['aborted', 'error', 'close']);
    const closed = closeOf(response);
    response.once('data', () => request.destroy());
    await closed;
    expect(events).toEqual(['aborted', 'error', 'close']);
    expect(response.errored).toMatchObject({ message: 'aborted', code: 'ECONNRESET' });
  });

  it('fails in silence when nobody listens for its errors, as in Node', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    await rig.fetch(`${origin.url}/json`);
    const response = await responseTo(rig.open(`${origin.url}/json`).end());
    const closed = closeOf(response);
    response.destroy(new Error('enough'));
    await closed;
    expect(response).toMatchObject({ aborted: true, destroyed: true });
  });

  it('is read no faster than its reader takes it', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    await rig.fetch(`${origin.url}/large?bytes=3000000`);
    const response = await responseTo(rig.open(`${origin.url}/large?bytes=3000000`).end());
    await once(response, 'readable');
    let read = 0;
    for (let chunk: unknown = response.read(); chunk !== null; chunk = response.read()) {
      read += chunk instanceof Uint8Array ? chunk.length : 0;
    }
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(1_000_000);
    response.destroy();
  });
});

it('is followed by no other request once it is destroyed', async () => {
  await using origin = await startOrigin(originRoutes);
  const rig = rigOn(new MemoryManager());
  const url = `${origin.url}/large?bytes=1000000`;
  const first = rig.open(url).end();
  await responseTo(first);
  first.destroy();
  const answer = await responseTo(rig.open(url).end());
  expect(cacheInfo(answer)).toMatchObject({ outcome: 'miss', collapsed: false });
  expect(await drain(answer)).toHaveLength(1_000_000);
  expect(origin.count()).toBe(2);
});

describe('a request that is destroyed while the cache is asked', () => {
  it.each([
    ['abort', undefined, ['abort', 'close']],
    ['destroy', undefined, ['error', 'close']],
    ['destroy', new Error('enough'), ['error', 'close']],
  ] as const)('%s(%s) ends as without a cache, and asks no origin', async (method, error, expected) => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const asked = rig.manager.hold();
    const request = rig.open(`${origin.url}/json`);
    const events = eventsOf(request, requestEvents);
    const thrown: unknown[] = [];
    request.on('error', (one) => thrown.push(one));
    request.end();
    await asked;
    if (method === 'abort') request.abort();
    else request.destroy(error);
    await closeOf(request);
    rig.manager.letGo();
    await rig.cache.idle();
    expect(events).toEqual(expected);
    if (method === 'abort') expect(thrown).toEqual([]);
    else if (error === undefined)
      expect(thrown).toMatchObject([{ message: 'socket hang up', code: 'ECONNRESET' }]);
    else expect(thrown).toEqual([error]);
    expect(origin.count()).toBe(0);
  });
});

describe('a timeout', () => {
  it('runs while the cache is asked', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    void rig.manager.hold();
    const request = rig.open(`${origin.url}/json`);
    request.on('error', () => undefined);
    request.setTimeout(10, () => request.destroy());
    request.end();
    await closeOf(request);
    rig.manager.letGo();
    expect(origin.count()).toBe(0);
  });

  it('is handed on to the connection', async () => {
    await using origin = await startOrigin(originRoutes);
    const request = makeRig().open(`${origin.url}/stall-head`);
    request.on('error', () => undefined);
    request.setTimeout(10);
    request.end();
    await once(request, 'timeout');
    expect(origin.count()).toBe(1);
    request.destroy();
  });
});

describe('the origin', () => {
  it('gets the fields that were set until the end, and the cache sees them', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const ask = async (language: string): Promise<string> => {
      const request = rig.open(`${origin.url}/vary`, { headers: { 'x-not': 'wanted' } });
      request.setHeader('Accept-Language', language);
      request.removeHeader('x-not');
      const body = await drain(await responseTo(request.end()));
      await rig.cache.idle();
      return body.toString();
    };
    expect([await ask('de'), await ask('fr'), await ask('de')]).toEqual(['for de', 'for fr', 'for de']);
    expect(origin.count()).toBe(2);
    expect(origin.requests().flatMap(({ headers }) => headers.map(([name]) => name))).not.toContain('x-not');
  });

  it('gets no condition of ours into the options of the caller', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const options = { headers: { accept: '*/*' } };
    await rig.fetch(`${origin.url}/etag`, options);
    const request = rig.open(`${origin.url}/etag`, options).end();
    const response = await responseTo(request);
    expect(cacheInfo(response)?.outcome).toBe('revalidated');
    expect(options).toEqual({ headers: { accept: '*/*' } });
    expect(request.getHeaderNames()).toEqual(['accept', 'host']);
    response.resume();
  });

  it('keeps its connection when a 304 is answered from the store', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await rig.fetch(`${origin.url}/etag`, { agent });
    await rig.fetch(`${origin.url}/etag`, { agent });
    const request = rig.open(`${origin.url}/no-store`, { agent }).end();
    const response = await responseTo(request);
    expect(request.reusedSocket).toBe(true);
    await drain(response);
    agent.destroy();
  });

  it('may be out of reach: its error comes as it is', async () => {
    const origin = await startOrigin(originRoutes);
    await origin.close();
    const request = makeRig().open(`${origin.url}/json`);
    const events = eventsOf(request, requestEvents);
    request.end();
    const [error]: unknown[] = await once(request, 'error');
    await once(request, 'close');
    expect(error).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    expect(events).toEqual(['error', 'close']);
  });

  it('may be out of reach: a stale response stands in', async () => {
    const origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const body = await rig.fetch(`${origin.url}/etag`);
    await origin.close();
    const response = await responseTo(rig.open(`${origin.url}/etag`).end());
    expect(cacheInfo(response)).toMatchObject({ outcome: 'stale', reason: 'disconnected' });
    expect((await drain(response)).toString()).toBe(body);
  });

  it.each<[what: string, more: (response: ServerResponse) => void]>([
    ['is endless', (response) => void Readable.from(endless(), { objectMode: false }).pipe(response)],
    ['stalls', (response) => void response.write('sorry, but')],
  ])('is not read for ever when a stale response replaces its error, which %s', async (_what, more) => {
    let closed: Promise<unknown> | undefined;
    await using origin = await startOrigin({
      '/failing': ({ response, nth }) => {
        if (nth === 1)
          response.writeHead(200, { 'cache-control': 'max-age=0, stale-if-error=60' }).end('jam');
        else {
          closed = once(response, 'close');
          more(response.on('error', () => undefined).writeHead(503));
        }
      },
    });
    const rig = makeRig();
    await rig.fetch(`${origin.url}/failing`);
    const response = await responseTo(rig.open(`${origin.url}/failing`).end());
    expect(cacheInfo(response)?.reason).toBe('stale-if-error');
    expect((await drain(response)).toString()).toBe('jam');
    await closed;
  });

  it('is not out of reach when the caller gives up', async () => {
    await using origin = await startOrigin({
      ...originRoutes,
      '/stalls-later': (call) => originRoutes[call.nth === 1 ? '/etag' : '/stall-head']?.(call),
    });
    const rig = makeRig();
    await rig.fetch(`${origin.url}/stalls-later`);
    const request = rig.open(`${origin.url}/stalls-later`).end();
    const error = new Error('enough');
    const events = eventsOf(request, requestEvents);
    await origin.received('/stalls-later', 2);
    request.destroy(error);
    const [thrown]: unknown[] = await once(request, 'error');
    expect(thrown).toBe(error);
    expect(events).toEqual(['finish', 'error']);
  });
});
