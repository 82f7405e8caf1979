import { once } from 'node:events';
import { createServer, IncomingMessage, request as nativeRequest } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/exchange.ts';
import { type CacheInfo, cacheInfo } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';
import { Gate } from '../helpers/gate.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { closeOf, eventsOf, makeRig, responseTo } from './caching-rig.ts';

const chunk = Buffer.alloc(100_000, 'jam ');

const info: CacheInfo = {
  outcome: 'miss',
  reason: 'uri-miss',
  key: undefined,
  mode: 'default',
  ageMs: undefined,
  freshForMs: undefined,
  stored: false,
  notStored: undefined,
  revalidated: false,
  forwardStatus: 200,
  collapsed: false,
  metadata: undefined,
};

/** An engine that lets everything pass, but holds each response until its gate is opened. */
function holdingEngine(): { engine: Engine; gate: Gate; abandoned: () => number } {
  const gate = new Gate();
  let abandoned = 0;
  const engine: Engine = {
    limits: undefined,
    begin: () => ({
      kind: 'forward',
      setFields: [],
      exchange: {
        heldBack: () => undefined,
        received: (head) => gate.opened.then(() => ({ kind: 'pass', head, sink: undefined, info })),
        failed: () => undefined,
        leave: () => false,
        abandoned: () => void (abandoned += 1),
      },
    }),
    isByBody: () => false,
    hasNoPart: () => undefined,
    bypassed: () => info,
    reset: () => undefined,
  };
  return { engine, gate, abandoned: () => abandoned };
}

function* chunks(count: number): Generator<Buffer> {
  for (let at = 0; at < count; at += 1) yield chunk;
}

describe('a request body', () => {
  it('passes through as it is written, at the pace of the connection', async () => {
    let received = 0;
    await using origin = await startOrigin({
      '/upload': async ({ request, response }) => {
        for await (const part of request) received += part instanceof Uint8Array ? part.length : 0;
        response.end('thanks');
      },
    });
    const request = makeRig().open(`${origin.url}/upload`, { method: 'POST' });
    const response = responseTo(request);
    await pipeline(Readable.from(chunks(40)), request);
    expect((await drain(await response)).toString()).toBe('thanks');
    expect(received).toBe(40 * chunk.length);
  });

  it('that is known at the end is sent with its length', async () => {
    await using origin = await startOrigin(originRoutes);
    const request = makeRig().open(`${origin.url}/echo`, { method: 'PUT' });
    request.end('plum', 'utf8');
    const echo: unknown = JSON.parse((await drain(await responseTo(request))).toString());
    expect(echo).toMatchObject({ method: 'PUT', body: Buffer.from('plum').toString('base64') });
    expect(origin.requests()[0]?.headers).toContainEqual(['Content-Length', '4']);
  });

  it('of a GET keeps the cache out of it', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    await rig.fetch(`${origin.url}/echo`);
    const request = rig.open(`${origin.url}/echo`, { headers: { 'content-length': '4' } });
    request.write('plum');
    const response = await responseTo(request.end());
    expect(cacheInfo(response)).toMatchObject({ outcome: 'bypass', reason: 'body' });
    expect(JSON.parse((await drain(response)).toString())).toMatchObject({
      body: Buffer.from('plum').toString('base64'),
    });
  });

  it('waits while its request is still being opened', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const url = `${origin.url}/echo`;
    const options = { method: 'POST' };
    const request = rig.open(url, options, {
      open: () => Promise.resolve().then(() => nativeRequest(new URL(url), options)),
    });
    expect(request.write('plum ')).toBe(false);
    request.end('jam');
    const echo: unknown = JSON.parse((await drain(await responseTo(request))).toString());
    expect(echo).toMatchObject({ body: Buffer.from('plum jam').toString('base64') });
  });

  it('is refused once its request is destroyed', async () => {
    await using origin = await startOrigin(originRoutes);
    const request = makeRig().open(`${origin.url}/json`);
    request.on('error', () => undefined);
    request.destroy();
    const [error]: unknown[] = await new Promise((resolve) =>
      request.write('plum', (...args: unknown[]) => resolve(args)),
    );
    expect(error).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });
});

describe('an error of the request function', () => {
  const broken = (): never => {
    throw new TypeError('cannot be opened');
  };

  it('is thrown where the request is made, or ended', () => {
    const rig = makeRig();
    expect(() => rig.open('http://127.0.0.1:9/', { method: 'POST' }, { open: broken })).toThrow(
      'cannot be opened',
    );
    const request = rig.open('http://127.0.0.1:9/', {}, { open: broken });
    request.on('error', () => undefined);
    expect(() => request.end()).toThrow('cannot be opened');
  });

  it('is emitted when the cache took its time, or when it came late', async () => {
    const rig = makeRig();
    void rig.manager.hold();
    const waiting = rig.open('http://127.0.0.1:9/', {}, { open: broken });
    const thrown = once(waiting.end(), 'response');
    rig.manager.letGo();
    await expect(thrown).rejects.toThrow('cannot be opened');

    const late = rig.open('http://127.0.0.1:9/', {}, { open: () => Promise.resolve().then(broken) });
    await expect(once(late.end(), 'response')).rejects.toThrow('cannot be opened');
  });
});

describe('an unsafe request', () => {
  it('gets its response only when what it invalidates is gone', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    await rig.fetch(`${origin.url}/echo`);
    await rig.fetch(`${origin.url}/echo`, { method: 'POST' });
    const response = await responseTo(rig.open(`${origin.url}/echo`).end());
    expect(cacheInfo(response)?.outcome).toBe('miss');
    response.resume();
  });

  it('gets a response that was cut while it was held as one that was cut', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    await rig.fetch(`${origin.url}/truncated`).catch(() => undefined);
    const response = await responseTo(rig.open(`${origin.url}/truncated`, { method: 'POST' }).end());
    await expect(drain(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a response that is held', () => {
  it('is handed out as one that was cut, when it was cut meanwhile', async () => {
    await using origin = await startOrigin(originRoutes);
    const { engine, gate } = holdingEngine();
    const request = makeRig().open(`${origin.url}/truncated`, {}, { engine });
    const socket = once(request, 'socket');
    const response = responseTo(request.end());
    const [connection]: Socket[] = await socket;
    if (connection === undefined) throw new Error('There was no socket.');
    await closeOf(connection);
    gate.open();
    await expect(drain(await response)).rejects.toMatchObject({ message: 'aborted', code: 'ECONNRESET' });
  });

  it.each(['abort', 'destroy'] as const)(
    'is let go of by %s(), with one error for the caller',
    async (method) => {
      await using origin = await startOrigin(originRoutes);
      const { engine, gate } = holdingEngine();
      const request = makeRig().open(`${origin.url}/stall-body`, {}, { engine });
      const events = eventsOf(request, ['abort', 'response', 'close']);
      const errors: unknown[] = [];
      request.on('error', (error) => errors.push(error));
      const socket = once(request, 'socket');
      request.end();
      const [connection]: Socket[] = await socket;
      if (connection === undefined) throw new Error('There was no socket.');
      await once(connection, 'data');
      await new Promise((resolve) => setImmediate(resolve));
      const closed = closeOf(request);
      const error = new Error('enough');
      if (method === 'abort') request.abort();
      else request.destroy(error);
      await closed;
      if (!connection.destroyed) await closeOf(connection);
      gate.open();
      await new Promise((resolve) => setImmediate(resolve));
      expect(errors).toEqual(method === 'abort' ? [] : [error]);
      expect(events).toEqual(method === 'abort' ? ['abort', 'close'] : ['close']);
    },
  );
});

describe('a request that is destroyed', () => {
  it('is told to the cache as abandoned, before its response and not after', async () => {
    await using origin = await startOrigin(originRoutes);
    const { engine, gate, abandoned } = holdingEngine();
    const early = makeRig().open(`${origin.url}/stall-head`, {}, { engine });
    early.on('error', () => undefined);
    early.end();
    await origin.received('/stall-head');
    early.destroy();
    await closeOf(early);
    expect(abandoned()).toBe(1);
    gate.open();
    const late = makeRig().open(`${origin.url}/stall-body`, {}, { engine });
    late.on('error', () => undefined);
    const response = await responseTo(late.end());
    response.on('error', () => undefined);
    late.destroy();
    await closeOf(late);
    expect(abandoned()).toBe(1);
  });
});

describe('what is between the caller and the origin', () => {
  it('continues when the origin says so', async () => {
    await using origin = await startOrigin(originRoutes);
    const request = makeRig().open(`${origin.url}/echo`, {
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': '4' },
    });
    await once(request, 'continue');
    const response = await responseTo(request.end('plum'));
    expect(cacheInfo(response)?.outcome).toBe('bypass');
    response.resume();
  });

  it('tells of early hints', async () => {
    await using origin = await startOrigin(originRoutes);
    const request = makeRig().open(`${origin.url}/early-hints`);
    const information = once(request, 'information');
    const response = await responseTo(request.end());
    expect(await information).toMatchObject([{ statusCode: 103 }]);
    response.resume();
  });

  it.each([true, false])(
    'upgrades, or fails, as without a cache when somebody listens: %s',
    async (listens) => {
      const server = createServer().listen(0, '127.0.0.1');
      let closed: Promise<void> | undefined;
      server.on('upgrade', (_request, socket) => {
        closed = closeOf(socket);
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: jam\r\n\r\n');
        socket.on('error', () => undefined);
        socket.on('end', () => socket.end());
      });
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const request = makeRig().open(`http://127.0.0.1:${port}/`, {
        headers: { connection: 'upgrade', upgrade: 'jam' },
      });
      request.end();
      if (listens) {
        const [response]: IncomingMessage[] = await once(request, 'upgrade');
        expect(response?.statusCode).toBe(101);
        response?.socket.destroy();
      } else {
        await closeOf(request);
        expect(request.res).toBeNull();
        await closed;
      }
      server.close();
    },
  );
});

describe("the origin's response", () => {
  it('that nobody waits for does not block its connection', async () => {
    await using origin = await startOrigin(originRoutes);
    const request = makeRig().open(`${origin.url}/large?bytes=3000000`).end();
    await closeOf(request);
    expect(request.res?.complete).toBe(true);
  });

  it('brings its trailers at its end, and again from the store', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    for (const outcome of ['miss', 'hit']) {
      const response = await responseTo(rig.open(`${origin.url}/trailers`).end());
      expect(cacheInfo(response)?.outcome).toBe(outcome);
      await drain(response);
      await rig.cache.idle();
      expect(response.rawTrailers).toEqual(['X-Digest', 'abc', 'X-Count', '2']);
      expect(response.trailers).toEqual({ 'x-digest': 'abc', 'x-count': '2' });
    }
  });

  it.each(['/truncated', '/cut-chunked'])('that is cut fails, and is not stored: %s', async (path) => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    for (const count of [1, 2]) {
      const response = await responseTo(rig.open(`${origin.url}${path}`).end());
      const events = eventsOf(response, ['aborted', 'error', 'end', 'close']);
      const closed = closeOf(response);
      await expect(drain(response)).rejects.toMatchObject({ message: 'aborted', code: 'ECONNRESET' });
      await closed;
      expect(events).toEqual(['aborted', 'error', 'close']);
      expect(response).toMatchObject({ complete: false, aborted: true });
      await rig.cache.idle();
      expect(origin.count(path)).toBe(count);
    }
  });

  it('that its reader leaves lets go of its connection, and is not stored', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    for (const count of [1, 2]) {
      const request = rig.open(`${origin.url}/stall-body`);
      request.on('error', () => undefined);
      const response = await responseTo(request.end());
      await once(response, 'data');
      response.destroy();
      await closeOf(request);
      expect(request.socket?.destroyed).toBe(true);
      expect(origin.count('/stall-body')).toBe(count);
    }
  });

  it('may come from a request function that makes it itself', async () => {
    const rig = makeRig();
    const url = 'http://a.test/';
    const make = (): IncomingMessage => {
      const message = new IncomingMessage(new Socket());
      message.statusCode = 200;
      message.httpVersion = '1.1';
      message.headers = { 'cache-control': 'max-age=60', 'set-cookie': ['a=1', 'b=2'] };
      message.complete = true;
      message.push('of its own');
      message.push(null);
      return message;
    };
    for (const outcome of ['miss', 'hit']) {
      const response = await responseTo(rig.open(url, {}, { open: make }).end());
      expect(cacheInfo(response)?.outcome).toBe(outcome);
      expect(response.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'] });
      expect((await drain(response)).toString()).toBe('of its own');
      await rig.cache.idle();
    }
  });

  it('is bytes of its own for each reader', async () => {
    await using origin = await startOrigin(originRoutes);
    const rig = makeRig();
    const body = await rig.fetch(`${origin.url}/json`);
    const spoil = await drain(await responseTo(rig.open(`${origin.url}/json`).end()));
    spoil.fill(0);
    const response = await responseTo(rig.open(`${origin.url}/json`).end());
    response.headers['content-type'] = 'spoilt';
    response.rawHeaders.fill('spoilt');
    response.once('data', (bytes: Buffer) => setImmediate(() => bytes.fill(0)));
    await drain(response);
    const last = await responseTo(rig.open(`${origin.url}/json`).end());
    expect(last.headers['content-type']).toBe('application/json; charset=utf-8');
    expect((await drain(last)).toString()).toBe(body);
  });
});
