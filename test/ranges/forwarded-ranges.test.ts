import { describe, expect, it } from 'vitest';
import { send } from '../helpers/reply.ts';
import { type Asked, read } from '../streams/clients.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { serving, tenBytes } from './documents.ts';

const part: Asked = { headers: { Range: 'bytes=2-5' }, anyStatus: true };

describe.each(storingRows)('a range that is not cut here, through $client from $store', (row) => {
  it.each<[string, Record<string, string | string[]>]>([
    ['several ranges', { Range: 'bytes=0-0,2-2' }],
    ['another unit', { Range: 'lines=0-0' }],
    ['a range that ends before it begins', { Range: 'bytes=5-2' }],
    ['what is no range', { Range: 'bytes' }],
    ['two lines', { Range: ['bytes=0-0', 'bytes=2-2'] }],
    ['two conditions', { Range: 'bytes=0-0', 'If-Range': ['"ten"', '"ten"'] }],
  ])('goes to the origin unchanged: %s', async (_, headers) => {
    await using stage = await setStage(row, { '/': serving(() => tenBytes) });
    const { client, uncached, origin } = stage;
    const url = `${origin.url}/`;
    await read(client, url);
    await stage.cache.idle();
    const answer = await client.fetch(url, { headers, anyStatus: true });
    expect(answer).toMatchObject({ info: { outcome: 'bypass', reason: 'range' } });
    const expected = await uncached.fetch(url, { headers, anyStatus: true });
    expect([answer.status, answer.headers, answer.body]).toEqual([
      expected.status,
      expected.headers,
      expected.body,
    ]);
    const [sent, uncachedSent] = origin.requests().slice(-2);
    expect(sent).toEqual(uncachedSent);
    expect(origin.count()).toBe(3);
  });

  it('is passed on as it came where nothing is stored, and no part of it answers another request', async () => {
    await using stage = await setStage(row, { '/': serving(() => tenBytes) });
    const { client, uncached, origin } = stage;
    const url = `${origin.url}/`;
    const first = await client.fetch(url, part);
    expect(first.info).toMatchObject({ outcome: 'miss', stored: false, notStored: 'partial' });
    const expected = await uncached.fetch(url, part);
    expect([first.status, first.headers, first.body]).toEqual([
      expected.status,
      expected.headers,
      expected.body,
    ]);
    const [sent, uncachedSent] = origin.requests();
    expect(sent).toEqual(uncachedSent);
    expect(await stage.stored()).toEqual([]);
    expect(await client.fetch(url, part)).toMatchObject({ status: 206, info: { outcome: 'miss' } });
    const whole = await client.fetch(url);
    expect(whole).toMatchObject({ status: 200, info: { outcome: 'miss', stored: true } });
    expect(whole.body.toString()).toBe('0123456789');
  });

  it("is the origin's where it cannot be satisfied, which is not stored however fresh it is", async () => {
    await using stage = await setStage(row, {
      '/': (call) =>
        send(call, {
          status: call.request.headers.range === undefined ? 200 : 416,
          headers: tenBytes.headers,
          body: 'whole',
        }),
    });
    const url = `${stage.origin.url}/`;
    expect(await stage.client.fetch(url, part)).toMatchObject({ status: 416, info: { stored: false } });
    expect(await stage.client.fetch(url)).toMatchObject({ status: 200, info: { outcome: 'miss' } });
  });

  it('is cut from the whole the next time, where the origin takes no ranges', async () => {
    await using stage = await setStage(row, {
      '/': (call) =>
        send(call, { headers: [...tenBytes.headers, ['Accept-Ranges', 'none']], body: tenBytes.body }),
    });
    const { client, origin, cache } = stage;
    const url = `${origin.url}/`;
    const first = await client.fetch(url, part);
    expect(first).toMatchObject({ status: 200, info: { outcome: 'miss', stored: true } });
    expect(first.body.toString()).toBe('0123456789');
    await cache.idle();
    const next = await client.fetch(url, part);
    expect(next).toMatchObject({ status: 206, info: { outcome: 'hit' } });
    expect(next.body.toString()).toBe('2345');
    expect(await client.fetch(url)).toMatchObject({ status: 200, info: { outcome: 'hit' } });
    expect(origin.count()).toBe(1);
  });

  it('does not wait for a request for the whole, nor the other way round', async () => {
    await using stage = await setStage(row, {
      '/': async (call) => {
        await call.toldToGoOn;
        await serving(() => tenBytes)(call);
      },
    });
    const { client, origin } = stage;
    const url = `${origin.url}/`;
    const asked = [client.fetch(url), client.fetch(url, part), client.fetch(url, part), client.fetch(url)];
    await origin.received('/', 3);
    origin.goOn();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([200, 206, 206, 200]);
    expect(answers.map(({ info }) => info?.collapsed)).toEqual([false, false, false, true]);
    expect(origin.count()).toBe(3);
  });

  it('is not taken for the other where the response varies by Range', async () => {
    await using stage = await setStage(row, {
      '/': (call) =>
        send(call, {
          headers: [...tenBytes.headers, ['Vary', 'Range']],
          body: `for ${call.request.headers.range}`,
        }),
    });
    const { client, origin, cache } = stage;
    const url = `${origin.url}/`;
    await client.fetch(url);
    await cache.idle();
    expect((await client.fetch(url, part)).body.toString()).toBe('for bytes=2-5');
    expect(origin.count()).toBe(2);
  });
});
