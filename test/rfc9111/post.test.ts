import { describe, expect, it } from 'vitest';
import type { Asked } from '../streams/clients.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { answer, answers } from './answers.ts';
import { ask } from './ask.ts';

const second = 1000;
const post = { method: 'POST', body: 'form' } as const satisfies Asked;
const complete = { 'Cache-Control': 'max-age=60', 'Content-Location': '/' };

describe.each(storingRows)('the answer to a POST (RFC 9110 §9.3.3), $client, $store', (row) => {
  it.each([
    ['max-age', complete],
    ['Expires', { Expires: 'Tue, 01 Jan 2030 00:01:00 GMT', 'Content-Location': '/' }],
  ])('that is what a GET would get, and fresh by %s, answers GET and HEAD', async (_name, headers) => {
    await using stage = await setStage(row, { '/': answers({ headers }) });
    expect(await ask(stage, '/', post)).toMatchObject({ body: 'body 1', info: { stored: true } });
    stage.clock.advance(59 * second);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 1', headers: { age: '59' } });
    expect(await ask(stage, '/', { method: 'HEAD' })).toMatchObject({ outcome: 'hit', body: '' });
    stage.clock.advance(second);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 2' });
  });

  it('may name the target URI in full', async () => {
    await using stage = await setStage(row, {
      '/a': (call) => {
        const { host } = call.request.headers;
        answer(call, { headers: { ...complete, 'Content-Location': `http://${host ?? ''}/a?q=1` } });
      },
    });
    await ask(stage, '/a?q=1', post);
    expect((await ask(stage, '/a?q=1')).outcome).toBe('hit');
    expect((await ask(stage, '/a?q=2')).outcome).toBe('miss');
  });

  it('never answers another POST, and is replaced by what that gets', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: complete }) });
    for (const body of ['body 1', 'body 2']) expect((await ask(stage, '/', post)).body).toBe(body);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 2' });
  });

  it('takes the place of what was stored for GET', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: complete }) });
    await ask(stage, '/');
    await ask(stage, '/', post);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 2' });
  });

  it('is invalidated by another unsafe request', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: complete }, { status: 204 }) });
    await ask(stage, '/', post);
    await ask(stage, '/', { method: 'DELETE' });
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss' });
  });

  it('is validated like any other once it is stale', async () => {
    const headers = { ...complete, ETag: '"e"' };
    await using stage = await setStage(row, { '/': answers({ headers }, { status: 304, headers }) });
    await ask(stage, '/', post);
    stage.clock.advance(60 * second);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'revalidated', status: 200, body: 'body 1' });
  });

  it.each([
    ['without freshness', { 'Content-Location': '/' }, 200],
    [
      'with a heuristic one',
      { 'Content-Location': '/', 'Last-Modified': 'Mon, 31 Dec 2029 00:00:00 GMT' },
      200,
    ],
    ['with no-store', { ...complete, 'Cache-Control': 'max-age=60, no-store', ETag: '"e"' }, 200],
    ['without Content-Location', { 'Cache-Control': 'max-age=60' }, 200],
    ['with another Content-Location', { ...complete, 'Content-Location': '/other' }, 200],
    ['with one that has a query', { ...complete, 'Content-Location': '/?q=1' }, 200],
    ['with one of another origin', { ...complete, 'Content-Location': 'http://127.0.0.1:1/' }, 200],
    ['with two of them', { ...complete, 'Content-Location': ['/', '/'] }, 200],
    ['with one that is none', { ...complete, 'Content-Location': 'http://[' }, 200],
    ['of another status', complete, 201],
    ['that is an error', complete, 404],
  ])('answers no GET %s', async (_name, headers, status) => {
    await using stage = await setStage(row, { '/': answers({ status, headers }) });
    expect(await ask(stage, '/', post)).toMatchObject({ status, body: 'body 1', info: { stored: false } });
    expect(await stage.stored()).toEqual([]);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 2' });
  });

  it.each(['PUT', 'PATCH', 'DELETE'] as const)('is not stored where it is one to a %s', async (method) => {
    await using stage = await setStage(row, { '/': answers({ headers: complete }) });
    await ask(stage, '/', { method, body: 'form' });
    expect(await stage.stored()).toEqual([]);
  });

  it.each<[string, Asked]>([
    ['the request says no-store', { headers: { 'Cache-Control': 'no-store' } }],
    ['the mode is no-store', { httpCache: { mode: 'no-store' } }],
    ['the request is not for the cache', { httpCache: false }],
  ])('is not stored where %s', async (_name, asked) => {
    await using stage = await setStage(row, { '/': answers({ headers: complete }) });
    await ask(stage, '/', { ...post, ...asked });
    expect(await stage.stored()).toEqual([]);
  });

  it('is for the same credentials alone, unless it is public', async () => {
    await using stage = await setStage(row, {
      '/': answers({ headers: complete }),
      '/public': answers({
        headers: { 'Cache-Control': 'public, max-age=60', 'Content-Location': '/public' },
      }),
    });
    const as = (who: string): Asked => ({ headers: { Authorization: who } });
    for (const path of ['/', '/public']) await ask(stage, path, { ...post, ...as('ann') });
    expect(await ask(stage, '/', as('ann'))).toMatchObject({ outcome: 'hit', body: 'body 1' });
    expect(await ask(stage, '/', as('tom'))).toMatchObject({ outcome: 'miss', body: 'body 2' });
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 3' });
    expect(await ask(stage, '/public', as('tom'))).toMatchObject({ outcome: 'hit', body: 'body 1' });
  });

  it('is selected by the fields that its Vary names', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: { ...complete, Vary: 'X-A' } }) });
    await ask(stage, '/', { ...post, headers: { 'X-A': '1' } });
    expect(await ask(stage, '/', { headers: { 'X-A': '1' } })).toMatchObject({ outcome: 'hit' });
    expect(await ask(stage, '/', { headers: { 'X-A': '2' } })).toMatchObject({ outcome: 'miss' });
  });
});
