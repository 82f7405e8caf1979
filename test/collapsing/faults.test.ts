import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { drain } from '../helpers/drain.ts';
import type { Origin, Route } from '../helpers/origin.ts';
import { fresh, writeHead } from '../helpers/reply.ts';
import { bodyOf } from '../streams/bodies.ts';
import { setStage, storingRows, type Stage } from '../streams/stage.ts';

const type = ['Content-Type', 'text/plain'] as const;
const body = bodyOf(3_000_000);

/** Sends the first half, and goes on as the test says. */
const halved =
  (
    headers: readonly (readonly [string, string])[],
    then: (call: Parameters<Route>[0]) => void = ({ response }) =>
      void response.end(body.subarray(1_500_000)),
  ): Route =>
  async (call) => {
    writeHead(call, { headers: [type, fresh, ...headers] });
    call.response.write(body.subarray(0, 1_500_000));
    if (call.nth === 1) {
      await call.toldToGoOn;
      then(call);
    } else call.response.end(body.subarray(1_500_000));
  };

const etag = ['ETag', '"v1"'] as const;

async function bodies(stage: Stage, origin: Origin, count: number): Promise<(Buffer | Error)[]> {
  const opened = [];
  for (let nth = 0; nth < count; nth++) opened.push(await stage.client.open(`${origin.url}/`));
  const read = opened.map(async (one) => drain(one.body).catch((error: Error) => error));
  origin.goOn();
  return Promise.all(read);
}

describe.each(storingRows)('requests that share a body through $client into $store', (row) => {
  it.each([
    ['with its length', [['Content-Length', String(body.length)], etag]],
    ['in chunks', [etag]],
    ['without a validator', []],
  ] satisfies [string, (readonly [string, string])[]][])(
    'get it whole from the origin when it is too large for the store: %s',
    async (_, headers) => {
      await using stage = await setStage(row, { '/': halved(headers) }, { maxEntrySize: 2_000_000 });
      const got = await bodies(stage, stage.origin, 3);
      for (const one of got)
        expect(body.equals(one instanceof Error ? Buffer.from(one.stack ?? '') : one)).toBe(true);
      expect(await stage.stored()).toEqual([]);
      await vi.waitFor(() => expect(stage.store.files()).toEqual([]));
      await vi.waitFor(() => expect(stage.store.descriptors()).toEqual([]));
    },
  );

  it('get it whole from the origin when the connection of the first of them breaks', async () => {
    const broken = halved([etag], ({ response }) => response.socket?.destroy());
    await using stage = await setStage(row, { '/': broken });
    const [first, ...others] = await bodies(stage, stage.origin, 3);
    // It had it all from the wire up to there, or had fallen behind and shared the body too.
    expect(first instanceof Error || body.equals(first ?? Buffer.of())).toBe(true);
    for (const one of others) expect(one instanceof Error ? one : body.equals(one)).toBe(true);
    expect(await stage.stored()).toEqual([]);
  });

  it('never get parts of different bodies', async () => {
    const other = Buffer.from(body);
    other[700_000] = 0;
    const changing: Route = async (call) => {
      writeHead(call, { headers: [type, fresh] });
      if (call.nth > 1) {
        call.response.end(other);
        return;
      }
      call.response.write(body.subarray(0, 1_500_000));
      await call.toldToGoOn;
      call.response.socket?.destroy();
    };
    await using stage = await setStage(row, { '/': changing });
    for (const one of await bodies(stage, stage.origin, 3)) {
      expect(one instanceof Error || one.equals(other)).toBe(true);
    }
  });

  it('do not get what another validator goes with', async () => {
    const changing: Route = async (call) => {
      writeHead(call, { headers: [type, fresh, ['ETag', `"v${call.nth}"`]] });
      call.response.write(body.subarray(0, 1_500_000));
      if (call.nth === 1) {
        await call.toldToGoOn;
        call.response.socket?.destroy();
      } else call.response.end(body.subarray(1_500_000));
    };
    await using stage = await setStage(row, { '/': changing });
    const got = await bodies(stage, stage.origin, 2);
    expect(got.map((one) => one instanceof Error)).toEqual([true, true]);
  });

  it('never get half of one that only the end of the connection delimits', async () => {
    const half: Route = async ({ request, toldToGoOn, nth }) => {
      const { socket } = request;
      socket.write('HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nConnection: close\r\n\r\nhalf');
      if (nth === 1) await toldToGoOn;
      else await setTimeout(20);
      socket.resetAndDestroy();
    };
    await using stage = await setStage(row, { '/': half });
    // What the first gets is what the client makes of it, which is not always an error.
    const [, ...others] = await bodies(stage, stage.origin, 3);
    for (const one of others) expect(one).toBeInstanceOf(Error);
    expect(await stage.stored()).toEqual([]);
  });

  it('go for themselves when the first of them cannot connect', async () => {
    await using stage = await setStage(row, {});
    const { origin, client } = stage;
    await origin.close();
    const asked = [1, 2, 3].map(async () => client.fetch(`${origin.url}/`).catch((error: Error) => error));
    for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe.each(storingRows)(
  'requests that share a body whose bytes differ each time, $client, $store',
  (row) => {
    it('all get it whole, though it is too large for the store', async () => {
      const changing: Route = async (call) => {
        writeHead(call, { headers: [type, fresh, ['ETag', `"${call.nth}"`]] });
        call.response.write(`${call.nth}`.padEnd(10));
        call.response.write(body.subarray(0, 1_500_000));
        if (call.nth === 1) await call.toldToGoOn;
        call.response.end(body.subarray(1_500_000));
      };
      await using stage = await setStage(row, { '/': changing }, { maxEntrySize: 2_000_000 });
      const whole = Buffer.concat([Buffer.from('1'.padEnd(10)), body]);
      for (const one of await bodies(stage, stage.origin, 4))
        expect(one instanceof Error ? one : one.equals(whole)).toBe(true);
      expect(stage.origin.count()).toBe(1);
      await vi.waitFor(() => expect(stage.store.descriptors()).toEqual([]));
      await stage.client.fetch(`${stage.origin.url}/`);
      const waits = stage.events.filter(({ type: event }) => event === 'wait').length;
      await Promise.all([1, 2].map(async () => stage.client.fetch(`${stage.origin.url}/`)));
      expect(stage.events.filter(({ type: event }) => event === 'wait')).toHaveLength(waits);
    });
  },
);

describe.each(storingRows)('a first reader that takes its time, $client, $store', (row) => {
  it('gets its body whole, though others read on and the store has let go of it', async () => {
    const large = bodyOf(24_000_000);
    const route: Route = (call) => {
      writeHead(call, { headers: [type, fresh, etag] });
      call.response.end(large);
    };
    await using stage = await setStage(row, { '/': route }, { maxEntrySize: 2_000_000 });
    const url = `${stage.origin.url}/`;
    const first = await stage.client.open(url);
    const others = await Promise.all([1, 2].map(async () => stage.client.open(url)));
    for (const one of await Promise.all(others.map(async (other) => drain(other.body)))) {
      expect(one.equals(large)).toBe(true);
    }
    expect((await drain(first.body)).equals(large)).toBe(true);
  });
});

describe.each(storingRows)('a body that its reader leaves, through $client into $store', (row) => {
  const leave = async (stage: Stage): Promise<void> => {
    const opened = await stage.client.open(`${stage.origin.url}/`);
    await once(opened.body, 'readable');
    opened.body.on('error', () => undefined);
    opened.body.destroy();
    await once(opened.body, 'close');
    stage.origin.goOn();
  };

  it.each([
    ['with its length', [['Content-Length', String(body.length)]]],
    ['in chunks', []],
  ] satisfies [string, (readonly [string, string])[]][])(
    'is received to its end where the option finishAbandoned allows it: %s',
    async (_, headers) => {
      await using stage = await setStage(row, { '/': halved(headers) }, { finishAbandoned: body.length });
      await leave(stage);
      await vi.waitFor(async () => expect(await stage.stored()).toHaveLength(1), { timeout: 5000 });
      const { body: stored, info } = await stage.client.fetch(`${stage.origin.url}/`);
      expect(info?.outcome).toBe('hit');
      expect(stored.equals(body)).toBe(true);
    },
  );

  it('is waited for by idle, also when others joined it and left again', async () => {
    await using stage = await setStage(
      row,
      { '/': halved([['Content-Length', String(body.length)]]) },
      { finishAbandoned: body.length },
    );
    const { client, origin, cache } = stage;
    for (let nth = 0; nth < 2; nth++) {
      const { body: left } = await client.open(`${origin.url}/`);
      await once(left, 'readable');
      left.on('error', () => undefined).destroy();
      await once(left, 'close');
    }
    origin.goOn();
    await cache.idle();
    expect(await stage.stored()).toHaveLength(1);
    expect(origin.count()).toBe(1);
  });

  it.each([
    ['has more left than that', [['Content-Length', String(body.length)]]],
    ['turns out to be longer than that', []],
  ] satisfies [string, (readonly [string, string])[]][])('is let go of when it %s', async (_, headers) => {
    let closed: () => void = () => undefined;
    const isClosed = new Promise<void>((resolve) => (closed = resolve));
    const route = halved(headers, ({ response }) => {
      // As much as the wire takes; it never ends.
      response.write(body);
    });
    const watched: Route = (call) => {
      call.response.on('close', closed);
      return route(call);
    };
    await using stage = await setStage(row, { '/': watched }, { finishAbandoned: 500_000 });
    await leave(stage);
    await isClosed;
    expect(await stage.stored()).toEqual([]);
    await vi.waitFor(() => expect(stage.store.files()).toEqual([]));
  });
});
