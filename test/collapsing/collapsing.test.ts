import { describe, expect, it, vi } from 'vitest';
import { drain } from '../helpers/drain.ts';
import type { Route } from '../helpers/origin.ts';
import { fresh, writeHead } from '../helpers/reply.ts';
import { setStage, stageRows, type Stage } from '../streams/stage.ts';
import { clientRows, type Client } from '../streams/clients.ts';

const type = ['Content-Type', 'text/plain'] as const;

/** Answers when the test says so; the body tells which request it is for. */
const held =
  (...headers: readonly (readonly [string, string])[]): Route =>
  async (call) => {
    await call.toldToGoOn;
    writeHead(call, { headers: [type, ...headers] });
    call.response.end(`body ${call.nth}`);
  };

/** Sends the head and the first half at once, and the rest when the test says so. */
const halved =
  (...headers: readonly (readonly [string, string])[]): Route =>
  async (call) => {
    writeHead(call, { headers: [type, ...headers] });
    call.response.write(`first ${call.nth} `);
    await call.toldToGoOn;
    call.response.end('second');
  };

/** Fulfils once so many requests wait for another one. */
async function waiting({ events }: Stage, count: number): Promise<void> {
  const waits = (): number => events.filter(({ type: event }) => event === 'wait').length;
  await vi.waitFor(() => expect(waits()).toBe(count), { timeout: 10_000, interval: 1 });
}

describe.each(stageRows)('requests at once through $client into $store', (row) => {
  it.each(['open', 'fetch'] as const)('make one request to the origin: %s', async (how) => {
    await using stage = await setStage(row, { '/': held(fresh) });
    const { origin, client, cache } = stage;
    const url = `${origin.url}/`;
    const others = clientRows.map(({ connect }) => connect(cache));
    const asked = [client, ...others, ...others, client].map(async (one) => {
      if (how === 'fetch') return one.fetch(url);
      const { body, ...opened } = await one.open(url);
      return { ...opened, body: await drain(body) };
    });
    await origin.received('/');
    await waiting(stage, 5);
    origin.goOn();
    const answers = await Promise.all(asked);
    expect(answers.map(({ body }) => body.toString())).toEqual(answers.map(() => 'body 1'));
    expect(origin.count()).toBe(1);
    expect(answers.filter(({ info }) => info?.collapsed === true)).toHaveLength(5);
    expect((await cache.stats()).collapsed).toBe(5);
    expect((await client.fetch(url)).info?.outcome).toBe('hit');
  });

  it('follow a body that is still being received', async () => {
    await using stage = await setStage(row, { '/': halved(fresh) });
    const { origin, client } = stage;
    const first = await client.open(`${origin.url}/`);
    const second = await client.open(`${origin.url}/`);
    const chunks = second.body[Symbol.asyncIterator]();
    expect(String((await chunks.next()).value)).toBe('first 1 ');
    origin.goOn();
    expect(String((await chunks.next()).value)).toBe('second');
    expect((await chunks.next()).done).toBe(true);
    expect((await drain(first.body)).toString()).toBe('first 1 second');
    expect(origin.count()).toBe(1);
  });

  it('do not hold each other up: not one that does not read', async () => {
    const size = 4 * 1024 * 1024;
    const large: Route = async (call) => {
      writeHead(call, { headers: [type, fresh] });
      call.response.write(Buffer.alloc(size, 'a'));
      await call.toldToGoOn;
      call.response.end(Buffer.alloc(size / 2, 'b'));
    };
    await using stage = await setStage(row, { '/': large });
    const { origin, client, store } = stage;
    const unread = await client.open(`${origin.url}/`);
    const alsoUnread = await client.open(`${origin.url}/`);
    const read = await client.open(`${origin.url}/`);
    origin.goOn();
    const whole = await drain(read.body);
    expect(whole.length).toBe(1.5 * size);
    expect(origin.count()).toBe(1);
    expect((await drain(unread.body)).equals(whole)).toBe(true);
    expect((await drain(alsoUnread.body)).equals(whole)).toBe(true);
    await stage.cache.idle();
    // They are closed in the background.
    await vi.waitFor(() => expect(store.descriptors()).toEqual([]));
  });

  it.each(['before the head', 'in the body'])('go on when the first of them leaves: %s', async (when) => {
    await using stage = await setStage(row, { '/': when === 'in the body' ? halved(fresh) : held(fresh) });
    const { origin, client } = stage;
    const leaving = new AbortController();
    const first = client.fetch(`${origin.url}/`, { signal: leaving.signal }).catch((error: Error) => error);
    await origin.received('/');
    const second = client.open(`${origin.url}/`);
    if (when === 'in the body') await second;
    else await waiting(stage, 1);
    leaving.abort();
    expect(await first).toBeInstanceOf(Error);
    origin.goOn();
    const { body, info } = await second;
    expect((await drain(body)).toString()).toBe(when === 'in the body' ? 'first 1 second' : 'body 1');
    expect(info?.collapsed).toBe(true);
    expect(origin.count()).toBe(1);
    expect(await stage.stored()).toHaveLength(1);
  });

  it.each(['before the head', 'in the body'])('have timeouts of their own: %s', async (when) => {
    await using stage = await setStage(row, { '/': when === 'in the body' ? halved(fresh) : held(fresh) });
    const { origin, client, uncached } = stage;
    const url = `${origin.url}/`;
    const first = client.fetch(url);
    await origin.received('/');
    const giveUp = async (one: Client): Promise<unknown> =>
      one.fetch(url, { timeout: 60 }).then(
        () => undefined,
        ({ code, message }: NodeJS.ErrnoException) => ({ code, message }),
      );
    const hurried = giveUp(client);
    const patient = client.fetch(url);
    await waiting(stage, 2);
    const alone = await giveUp(uncached);
    expect(alone).toBeDefined();
    expect(await hurried).toEqual(alone);
    origin.goOn();
    const answers = await Promise.all([first, patient]);
    const whole = when === 'in the body' ? 'first 1 second' : 'body 1';
    expect(answers.map(({ body }) => body.toString())).toEqual([whole, whole]);
    expect(origin.count()).toBe(2);
  });

  it.each(['before the head', 'in the body'])('cancel it when all have left: %s', async (when) => {
    let closed: () => void = () => undefined;
    const isClosed = new Promise<void>((resolve) => (closed = resolve));
    const answer = when === 'in the body' ? halved(fresh) : held(fresh);
    const watched: Route = (call) => {
      call.response.on('close', closed);
      return answer(call);
    };
    await using stage = await setStage(row, { '/': watched });
    const { origin, client, store } = stage;
    const leaving = [new AbortController(), new AbortController(), new AbortController()];
    const asked = leaving.map(async ({ signal }) =>
      client.fetch(`${origin.url}/`, { signal }).catch(() => 'left'),
    );
    await origin.received('/');
    await waiting(stage, 2);
    for (const one of leaving) one.abort();
    expect(await Promise.all(asked)).toEqual(['left', 'left', 'left']);
    await isClosed;
    expect(await stage.stored()).toEqual([]);
    expect(store.files()).toEqual([]);
    // They are closed in the background.
    await vi.waitFor(() => expect(store.descriptors()).toEqual([]));
  });
});
