import { describe, expect, it } from 'vitest';
import { setStage, type Stage, type StageRow, storingRows } from '../streams/stage.ts';
import { type Answer, answers } from './answers.ts';
import { ask } from './ask.ts';
import { sentField } from './sent-field.ts';

const second = 1000;
const head = { method: 'HEAD' } as const;
const maxStale = { headers: { 'Cache-Control': 'max-stale' } };
const known = {
  'Cache-Control': 'max-age=60',
  ETag: '"e"',
  'Last-Modified': 'Tue, 01 Jan 2030 00:00:00 GMT',
};

/** A stage on which a response to GET was stored and has become stale; the HEAD that comes next is answered as given. */
async function setStale(row: StageRow, answered: Answer): Promise<Stage> {
  const stage = await setStage(row, { '/': answers({ headers: known }, answered, { status: 304 }) });
  await ask(stage, '/');
  stage.clock.advance(60 * second);
  return stage;
}

describe.each(storingRows)('HEAD (RFC 9110 §9.3.2, RFC 9111 §4.3.5), $client, $store', (row) => {
  it('is answered from a fresh stored response to GET, without its body', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: known }) });
    await ask(stage, '/');
    stage.clock.advance(5 * second);
    const answered = await ask(stage, '/', head);
    expect(answered).toMatchObject({ status: 200, outcome: 'hit', body: '' });
    expect(answered.headers).toMatchObject({ 'content-length': '6', etag: '"e"', age: '5' });
    expect(stage.origin.count()).toBe(1);
  });

  it('is answered from its own stored response, which answers no GET', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: known }) });
    await ask(stage, '/', head);
    expect(await ask(stage, '/', head)).toMatchObject({ outcome: 'hit', body: '' });
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 2' });
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 2' });
  });

  it.each([
    ['200 about the same', { headers: { ...known, 'Content-Length': '6', 'X-New': 'yes' } }],
    [
      '200 with one validator of both',
      { headers: { 'Cache-Control': 'max-age=60', ETag: '"e"', 'X-New': 'yes' } },
    ],
  ])('freshens the stored response to GET by a %s', async (_name, answered) => {
    await using stage = await setStale(row, answered);
    expect(await ask(stage, '/', head)).toMatchObject({ status: 200, body: '' });
    const hit = await ask(stage, '/');
    expect(hit).toMatchObject({ outcome: 'hit', body: 'body 1' });
    expect(hit.headers).toMatchObject({ 'x-new': 'yes', age: '0', 'content-length': '6' });
    expect(stage.origin.count()).toBe(2);
  });

  it.each([
    ['another entity tag', { ETag: '"f"' }],
    ['another Last-Modified', { 'Last-Modified': 'Tue, 01 Jan 2030 00:00:01 GMT' }],
    ['another Content-Length', { 'Content-Length': '7' }],
    ['another Content-Encoding', { 'Content-Encoding': 'gzip' }],
  ])('makes the stored response to GET stale by %s, but leaves it to be confirmed', async (_name, other) => {
    await using stage = await setStale(row, { headers: { ...known, ...other } });
    await ask(stage, '/', head);
    expect(await ask(stage, '/', maxStale)).toMatchObject({ outcome: 'revalidated', body: 'body 1' });
    expect(sentField(stage, 3, 'If-None-Match')).toBe('"e"');
    expect(stage.origin.count()).toBe(3);
  });

  it.each([404, 410])('makes the stored response to GET stale by a %i', async (status) => {
    await using stage = await setStale(row, { status, headers: { 'Cache-Control': 'no-store' } });
    expect((await ask(stage, '/', head)).status).toBe(status);
    expect(await ask(stage, '/', maxStale)).toMatchObject({ outcome: 'revalidated' });
  });

  it.each([500, 503, 429])('says nothing of the stored response to GET by a %i', async (status) => {
    await using stage = await setStale(row, { status, headers: { 'Cache-Control': 'no-store' } });
    expect((await ask(stage, '/', head)).status).toBe(status);
    expect(await ask(stage, '/', maxStale)).toMatchObject({ outcome: 'stale', body: 'body 1' });
  });

  it('is answered by what allows a stale answer to a GET', async () => {
    await using stage = await setStage(row, {
      '/': answers({ headers: { 'Cache-Control': 'max-age=60, stale-if-error=60' } }, { status: 503 }),
    });
    await ask(stage, '/');
    stage.clock.advance(60 * second);
    const answered = await ask(stage, '/', { ...head, ...maxStale });
    expect(answered).toMatchObject({ status: 200, outcome: 'stale', body: '' });
    expect(stage.origin.count()).toBe(1);
  });

  it('has its own condition judged on what is stored for GET', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: known }) });
    await ask(stage, '/');
    const as = (tag: string) => ask(stage, '/', { ...head, headers: { 'If-None-Match': tag } });
    expect(await as('"e"')).toMatchObject({ status: 304, body: '' });
    expect(await as('"f"')).toMatchObject({ status: 200, body: '' });
    expect(stage.origin.count()).toBe(1);
  });
});
