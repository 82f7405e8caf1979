import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drain } from '../helpers/drain.ts';
import { send } from '../helpers/reply.ts';
import { type Asked, read } from '../streams/clients.ts';
import { setStage, type Stage, type StageRow, stageRows } from '../streams/stage.ts';
import { type Served, serving, tenBytes } from './documents.ts';

const part = (range: string, headers: Asked['headers'] = {}): Asked => ({
  headers: { ...headers, Range: range },
  anyStatus: true,
});

/** A stage with a document stored under `/`. */
async function stored(row: StageRow, served: Served = tenBytes): Promise<Stage & { readonly url: string }> {
  const stage = await setStage(row, { '/': serving(() => served) });
  const url = `${stage.origin.url}/`;
  await read(stage.client, url);
  await stage.cache.idle();
  return { ...stage, url };
}

const ofTheHop = new Set(['age', 'connection', 'keep-alive']);

/** Fields by name, but for those that a hit may have, or may lack, beside the origin's own. */
function comparable(headers: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheHop.has(name)));
}

describe.each(stageRows)('a range of what is stored, through $client from $store', (row) => {
  it.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-5', '2345', 'bytes 2-5/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=0-', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('is cut: %s', async (range, body, contentRange) => {
    await using stage = await stored(row);
    const { client, url, clock, origin } = stage;
    clock.advance(5000);
    const answer = await client.fetch(url, part(range));
    expect(answer).toMatchObject({ status: 206, info: { outcome: 'hit', reason: 'fresh', ageMs: 5000 } });
    expect(answer.headers).toMatchObject({ 'content-range': contentRange, age: '5', etag: '"ten"' });
    expect(answer.headers['content-length']).toBe(String(body.length));
    expect(answer.body.toString()).toBe(body);
    const opened = await client.open(url, part(range));
    expect(opened).toMatchObject({ status: 206, info: { outcome: 'hit' } });
    expect((await drain(opened.body)).toString()).toBe(body);
    expect(origin.count()).toBe(1);
  });

  it('looks like the part that the origin cuts', async () => {
    await using stage = await stored(row);
    const { client, uncached, url, origin } = stage;
    for (const asked of [part('bytes=2-5'), part('bytes=2-5', { 'If-Range': '"ten"' })]) {
      const [hit, uncut] = [await client.fetch(url, asked), await uncached.fetch(url, asked)];
      expect(hit.info?.outcome).toBe('hit');
      expect([hit.status, hit.body]).toEqual([uncut.status, uncut.body]);
      expect(comparable(hit.headers)).toEqual(comparable(uncut.headers));
    }
    expect(origin.count()).toBe(3);
  });

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('is 416 where there is none of it: %s', async (range) => {
    await using stage = await stored(row);
    const answer = await stage.client.fetch(stage.url, part(range));
    expect(answer).toMatchObject({ status: 416, info: { outcome: 'hit' } });
    expect(answer.headers).toMatchObject({ 'content-range': 'bytes */10', 'content-length': '0' });
    expect(answer.headers['etag']).toBeUndefined();
    expect(answer.body).toHaveLength(0);
    expect((await read(stage.client, stage.url, part(range))).toString()).toBe('');
    // The stored response is there as before.
    expect((await stage.client.fetch(stage.url)).body.toString()).toBe('0123456789');
    expect(stage.origin.count()).toBe(1);
  });

  it('is an error of the client where there is none of it, as without the cache', async () => {
    await using stage = await stored(row);
    const asked = { headers: { Range: 'bytes=10-' } };
    const [hit, uncached] = await Promise.all(
      [stage.client, stage.uncached].map(async (one) =>
        one.fetch(stage.url, asked).then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    );
    expect(hit).toMatchObject({
      code: Reflect.get(Object(uncached), 'code'),
      message: Reflect.get(Object(uncached), 'message'),
    });
    expect(stage.origin.count()).toBe(2);
  });

  it('is 416 of an empty body, but for its end, which is all of it', async () => {
    await using stage = await stored(row, { ...tenBytes, body: '' });
    const answer = await stage.client.fetch(stage.url, part('bytes=0-'));
    expect(answer).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */0' } });
    expect(await stage.client.fetch(stage.url, part('bytes=-5'))).toMatchObject({
      status: 200,
      info: { outcome: 'hit' },
    });
    expect(stage.origin.count()).toBe(1);
  });

  it('is ignored in a HEAD (RFC 9110 §14.2)', async () => {
    await using stage = await stored(row);
    const answer = await stage.client.fetch(stage.url, { ...part('bytes=2-5'), method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, info: { outcome: 'hit' } });
    expect(answer.headers['content-length']).toBe('10');
    expect(answer.headers['content-range']).toBeUndefined();
    expect(stage.origin.count()).toBe(1);
  });

  it('is ignored where what is stored is no 200 (RFC 9110 §14.2)', async () => {
    await using stage = await setStage(row, {
      '/': (call) => send(call, { status: 404, headers: tenBytes.headers, body: 'nothing here' }),
    });
    const url = `${stage.origin.url}/`;
    const answers = [];
    for (const range of ['bytes=0-', 'bytes=0-3', 'bytes=99-'])
      answers.push(await stage.client.fetch(url, part(range)));
    expect(answers.map(({ status, body }) => [status, body.toString()])).toEqual(
      answers.map(() => [404, 'nothing here']),
    );
    expect(stage.origin.count()).toBe(1);
  });

  it('is not cut where it is encoded: nobody could decode a part (RFC 9110 §14.1)', async () => {
    const text = 'a text that is encoded, of which a part can be no text';
    await using stage = await stored(row, {
      body: gzipSync(text),
      headers: [...tenBytes.headers, ['Content-Encoding', 'gzip']],
    });
    const answer = await stage.client.fetch(stage.url, part('bytes=5-14'));
    expect(answer).toMatchObject({ status: 200, info: { outcome: 'hit' } });
    expect(answer.body.toString()).toBe(text);
  });

  it('comes without the trailers of the whole', async () => {
    await using stage = await setStage(row, {
      '/': ({ response, date }) => {
        response.writeHead(200, { Date: date, 'Cache-Control': 'max-age=60', Trailer: 'X-Sum' });
        response.write('0123456789');
        response.addTrailers({ 'X-Sum': '45' });
        response.end();
      },
    });
    const url = `${stage.origin.url}/`;
    await read(stage.client, url);
    await stage.cache.idle();
    const answer = await stage.client.fetch(url, part('bytes=2-5'));
    expect(answer.headers).toMatchObject({ 'content-range': 'bytes 2-5/10', 'content-length': '4' });
    expect(answer.headers['trailer']).toBeUndefined();
    expect(answer.body.toString()).toBe('2345');
  });

  it('is its own copy of the stored bytes', async () => {
    await using stage = await stored(row);
    (await stage.client.fetch(stage.url, part('bytes=0-4'))).body.fill(0);
    expect((await stage.client.fetch(stage.url, part('bytes=0-4'))).body.toString()).toBe('01234');
  });

  it('goes on where a download broke off', async () => {
    const document = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 251));
    await using stage = await stored(row, { ...tenBytes, body: document });
    const { client, url } = stage;
    const broken = await client.open(url);
    const have: Buffer[] = [];
    for await (const chunk of broken.body) {
      have.push(Buffer.from(chunk));
      if (Buffer.concat(have).length > 100_000) break;
    }
    const start = Buffer.concat(have).length;
    const rest = await client.open(
      url,
      part(`bytes=${start}-`, { 'If-Range': String(broken.headers['etag']) }),
    );
    expect(rest).toMatchObject({ status: 206, info: { outcome: 'hit' } });
    expect(rest.headers['content-range']).toBe(`bytes ${start}-299999/300000`);
    expect(document.equals(Buffer.concat([...have, await drain(rest.body)]))).toBe(true);
    expect(stage.origin.count()).toBe(1);
  });
});
