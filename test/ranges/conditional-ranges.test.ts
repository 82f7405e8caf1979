import { describe, expect, it } from 'vitest';
import { read } from '../streams/clients.ts';
import { setStage, type Stage, type StageRow, storingRows } from '../streams/stage.ts';
import { serving, tenBytes } from './documents.ts';

type Lines = readonly (readonly [name: string, value: string])[];

const text = ['Content-Type', 'text/plain'] as const;
const fresh = ['Cache-Control', 'max-age=600'] as const;

/** A stage with ten bytes stored under `/`, which have the given validators. */
async function stored(
  row: StageRow,
  validators: (now: number) => Lines,
): Promise<Stage & { readonly url: string }> {
  const stage: Stage = await setStage(row, {
    '/': serving(() => ({ body: tenBytes.body, headers: [text, fresh, ...validators(stage.clock.now())] })),
  });
  const url = `${stage.origin.url}/`;
  await read(stage.client, url);
  await stage.cache.idle();
  return { ...stage, url };
}

const httpDate = (time: number): string => new Date(time).toUTCString();

describe.each(storingRows)('a range on a condition, through $client from $store', (row) => {
  it.each<[string, string, number]>([
    ['the very tag', '"a"', 206],
    ['another tag', '"b"', 200],
    ['the tag made weak', 'W/"a"', 200],
    ['no tag at all', 'a', 200],
  ])('that names %s (RFC 9110 §13.1.5)', async (_, condition, status) => {
    await using stage = await stored(row, () => [['ETag', '"a"']]);
    const { client, url, origin } = stage;
    const answer = await client.fetch(url, { headers: { Range: 'bytes=2-5', 'If-Range': condition } });
    expect(answer).toMatchObject({ status, info: { outcome: 'hit' } });
    expect(answer.body.toString()).toBe(status === 206 ? '2345' : '0123456789');
    expect(answer.headers['content-range']).toBe(status === 206 ? 'bytes 2-5/10' : undefined);
    expect(origin.count()).toBe(1);
  });

  it('is not met by a weak tag, whoever calls it weak', async () => {
    await using stage = await stored(row, () => [['ETag', 'W/"a"']]);
    for (const condition of ['W/"a"', '"a"']) {
      const headers = { Range: 'bytes=2-5', 'If-Range': condition };
      expect((await stage.client.fetch(stage.url, { headers })).status).toBe(200);
    }
    expect(stage.origin.count()).toBe(1);
  });

  it.each([
    ['of a second before the response', 1000, 0, 206],
    ['of the second of the response (§8.8.2.2)', 0, 0, 200],
    ['of a second after the modification', 5000, 1000, 200],
    ['of a second before the modification', 5000, -1000, 200],
  ])('that is a date %s', async (_, agoMs, offMs, status) => {
    await using stage = await stored(row, (now) => [['Last-Modified', httpDate(now - agoMs)]]);
    const { client, url, clock, origin } = stage;
    const condition = httpDate(clock.now() - agoMs + offMs);
    const answer = await client.fetch(url, { headers: { Range: 'bytes=2-5', 'If-Range': condition } });
    expect(answer).toMatchObject({ status, info: { outcome: 'hit' } });
    expect(origin.count()).toBe(1);
  });

  it('that is not met answers with the whole where there is no such range', async () => {
    await using stage = await stored(row, () => [['ETag', '"a"']]);
    const headers = { Range: 'bytes=99-', 'If-Range': '"b"' };
    const answer = await stage.client.fetch(stage.url, { headers });
    expect(answer).toMatchObject({ status: 200, info: { outcome: 'hit' } });
    expect(answer.body.toString()).toBe('0123456789');
  });

  it('that is about no range means nothing (RFC 9110 §13.1.5)', async () => {
    await using stage = await stored(row, () => [['ETag', '"a"']]);
    const answer = await stage.client.fetch(stage.url, { headers: { 'If-Range': '"b"' } });
    expect(answer).toMatchObject({ status: 200, info: { outcome: 'hit' } });
    expect(stage.origin.count()).toBe(1);
  });

  it('comes behind If-None-Match and If-Modified-Since (RFC 9110 §13.2.2)', async () => {
    await using stage = await stored(row, (now) => [
      ['ETag', '"a"'],
      ['Last-Modified', httpDate(now - 60_000)],
    ]);
    const { client, url, clock, origin } = stage;
    const ask = async (headers: Record<string, string>): Promise<number> => {
      const answer = await client.fetch(url, {
        headers: { Range: 'bytes=2-5', ...headers },
        anyStatus: true,
      });
      expect(answer.info?.outcome).toBe('hit');
      return answer.status;
    };
    const now = httpDate(clock.now());
    expect(await ask({ 'If-None-Match': '"a"' })).toBe(304);
    expect(await ask({ 'If-None-Match': '"a"', 'If-Range': '"b"' })).toBe(304);
    expect(await ask({ 'If-None-Match': '"a"', Range: 'bytes=99-' })).toBe(304);
    expect(await ask({ 'If-Modified-Since': now })).toBe(304);
    expect(await ask({ 'If-None-Match': '"b"' })).toBe(206);
    expect(await ask({ 'If-None-Match': '"b"', 'If-Range': '"a"' })).toBe(206);
    expect(await ask({ 'If-None-Match': '"b"', 'If-Range': '"b"' })).toBe(200);
    expect(await ask({ 'If-Modified-Since': httpDate(clock.now() - 120_000) })).toBe(206);
    expect(origin.count()).toBe(1);
  });

  it.each(['If-Match', 'If-Unmodified-Since'])(
    'that is %s is for the origin (RFC 9111 §4.3.2)',
    async (name) => {
      await using stage = await stored(row, () => [['ETag', '"a"']]);
      const value = name === 'If-Match' ? '"a"' : httpDate(stage.clock.now());
      const answer = await stage.client.fetch(stage.url, { headers: { Range: 'bytes=2-5', [name]: value } });
      expect(answer).toMatchObject({ status: 206, info: { outcome: 'miss' } });
      expect(stage.origin.count()).toBe(2);
    },
  );
});
