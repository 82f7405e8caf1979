import { describe, expect, it } from 'vitest';
import type { Asked } from '../streams/clients.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { answers } from './answers.ts';
import { ask } from './ask.ts';

const second = 1000;
const json = { 'Content-Type': 'application/json' };
const post = (body: string, asked: Asked = {}): Asked => ({ method: 'POST', body, headers: json, ...asked });
const fresh = { headers: { 'Cache-Control': 'max-age=60', ETag: '"e"' } };
const byBody = { byBody: ['POST'] } as const;

describe.each(storingRows)('responses kept by the request body, $client, $store', (row) => {
  it('answer requests with the same body, while they are fresh', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    expect(await ask(stage, '/', post('{"a":1}'))).toMatchObject({ outcome: 'miss', body: 'body 1' });
    stage.clock.advance(59 * second);
    expect(await ask(stage, '/', post('{"a":1}'))).toMatchObject({
      outcome: 'hit',
      body: 'body 1',
      headers: { age: '59' },
    });
    stage.clock.advance(second);
    expect(await ask(stage, '/', post('{"a":1}'))).toMatchObject({ outcome: 'miss', body: 'body 2' });
    expect(await ask(stage, '/', post('{"a":1}'))).toMatchObject({ outcome: 'hit', body: 'body 2' });
  });

  it('answer neither another body, nor another media type, nor a GET, nor another URI', async () => {
    await using stage = await setStage(row, { '/': answers(fresh), '/b': answers(fresh) }, byBody);
    await ask(stage, '/', post('{"a":1}'));
    expect((await ask(stage, '/', post('{"a":2}'))).outcome).toBe('miss');
    expect(
      (await ask(stage, '/', post('{"a":1}', { headers: { 'Content-Type': 'text/json' } }))).outcome,
    ).toBe('miss');
    expect((await ask(stage, '/')).outcome).toBe('miss');
    expect((await ask(stage, '/b', post('{"a":1}'))).outcome).toBe('miss');
    expect((await ask(stage, '/', post('{"a":1}'))).outcome).toBe('hit');
    expect((await ask(stage, '/')).outcome).toBe('hit');
  });

  it('reach the origin with the body as it was given', async () => {
    const bodies: string[] = [];
    await using stage = await setStage(
      row,
      {
        '/': ({ request, response, date }) => {
          let body = '';
          request.setEncoding('utf8');
          request.on('data', (chunk) => (body += String(chunk)));
          request.on('end', () => {
            bodies.push(`${request.headers['content-length'] ?? ''} ${body}`);
            response.writeHead(200, { ...fresh.headers, Date: date }).end(body);
          });
        },
      },
      byBody,
    );
    const long = JSON.stringify({ a: 'ü'.repeat(100_000) });
    expect((await ask(stage, '/', post('{"a":"ü"}'))).body).toBe('{"a":"ü"}');
    expect((await ask(stage, '/', post(long))).body).toBe(long);
    expect((await ask(stage, '/', post(long))).outcome).toBe('hit');
    expect(bodies).toEqual(['10 {"a":"ü"}', `${Buffer.byteLength(long)} ${long}`]);
  });

  it('are never validated with a condition', async () => {
    await using stage = await setStage(
      row,
      { '/': answers({ headers: { 'Cache-Control': 'max-age=1', ETag: '"e"' } }) },
      byBody,
    );
    await ask(stage, '/', post('{}'));
    stage.clock.advance(2 * second);
    expect((await ask(stage, '/', post('{}'))).body).toBe('body 2');
    const names = stage.origin.requests('/').flatMap(({ headers }) => headers.map(([name]) => name));
    expect(names).not.toContain('If-None-Match');
  });

  it('are not kept without a freshness lifetime', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: { ETag: '"e"' } }) }, byBody);
    expect(await ask(stage, '/', post('{}'))).toMatchObject({ info: { notStored: 'not-reusable' } });
  });

  it('are kept for the user whose credentials they are for', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    const asUser = (name: string): Asked =>
      post('{}', { headers: { ...json, Authorization: `Bearer ${name}` } });
    await ask(stage, '/', asUser('one'));
    expect((await ask(stage, '/', asUser('two'))).outcome).toBe('miss');
    expect((await ask(stage, '/', asUser('one'))).outcome).toBe('hit');
  });

  it('are forgotten with their target URI', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    await ask(stage, '/', post('{}'));
    await stage.cache.delete(`${stage.origin.url}/`);
    expect((await ask(stage, '/', post('{}'))).outcome).toBe('miss');
    await ask(stage, '/', { method: 'PUT', body: 'new' });
    expect((await ask(stage, '/', post('{}'))).outcome).toBe('miss');
  });

  it('do not invalidate what is stored, as other answers to POST do', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    await ask(stage, '/', post('{}'));
    await ask(stage, '/');
    await ask(stage, '/', post('{"a":1}'));
    expect((await ask(stage, '/')).outcome).toBe('hit');
    expect((await ask(stage, '/', post('{}'))).outcome).toBe('hit');
    await ask(stage, '/', post('{}', { httpCache: { byBody: false } }));
    expect((await ask(stage, '/')).outcome).toBe('miss');
  });

  it('are never of a GraphQL mutation, which invalidates what queries got', async () => {
    await using stage = await setStage(row, { '/graphql': answers(fresh) }, byBody);
    const query = post('{"query":"query A { a }"}');
    const mutation = post('{"query":"mutation { b }"}');
    await ask(stage, '/graphql', query);
    expect((await ask(stage, '/graphql', query)).outcome).toBe('hit');
    for (const body of ['body 2', 'body 3']) {
      expect(await ask(stage, '/graphql', mutation)).toMatchObject({
        body,
        info: { outcome: 'bypass', reason: 'method' },
      });
    }
    expect((await ask(stage, '/graphql', query)).outcome).toBe('miss');
  });

  it('are not kept by a body of more than 1 MiB, which goes through as it comes', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    const long = post('x'.repeat(1024 * 1024 + 1));
    for (const body of ['body 1', 'body 2']) {
      expect(await ask(stage, '/', long)).toMatchObject({ body, outcome: 'bypass' });
    }
  });

  it('are kept by an empty body too', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    await ask(stage, '/', { method: 'POST' });
    expect((await ask(stage, '/', { method: 'POST' })).outcome).toBe('hit');
  });

  it('are asked for anew where the request has a condition or a range', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    await ask(stage, '/', post('{}'));
    for (const field of [{ 'If-None-Match': '"e"' }, { Range: 'bytes=0-1' }]) {
      expect((await ask(stage, '/', post('{}', { headers: { ...json, ...field } }))).outcome).toBe('bypass');
    }
  });

  it('follow the mode of the request', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    const only = post('{}', { httpCache: { mode: 'only-if-cached' }, anyStatus: true });
    expect(await ask(stage, '/', only)).toMatchObject({ status: 504, outcome: 'unsatisfiable' });
    await ask(stage, '/', post('{}'));
    expect((await ask(stage, '/', only)).outcome).toBe('hit');
    expect((await ask(stage, '/', post('{}', { httpCache: { mode: 'reload' } }))).body).toBe('body 2');
    expect((await ask(stage, '/', post('{}', { httpCache: { mode: 'no-store' } }))).outcome).toBe('bypass');
    expect((await ask(stage, '/', post('{}'))).body).toBe('body 2');
  });

  it('are kept where a function of the request, or the request itself, says so, and not without', async () => {
    const isSearch = ({ url }: { readonly url: string }): boolean => url.endsWith('/search');
    await using stage = await setStage(
      row,
      { '/search': answers(fresh), '/other': answers(fresh) },
      { byBody: isSearch },
    );
    for (const path of ['/search', '/other']) await ask(stage, path, post('{}'));
    expect((await ask(stage, '/search', post('{}'))).outcome).toBe('hit');
    expect((await ask(stage, '/other', post('{}'))).outcome).toBe('bypass');
    const named = post('{}', { httpCache: { byBody: true } });
    await ask(stage, '/other', named);
    expect((await ask(stage, '/other', named)).outcome).toBe('hit');
  });

  it('leave nothing of the body in the store', async () => {
    await using stage = await setStage(row, { '/': answers(fresh) }, byBody);
    await ask(stage, '/', post('{"password":"1234"}'));
    const texts: string[] = [];
    for await (const entry of stage.cache.entries()) texts.push(JSON.stringify(entry));
    expect(texts).toHaveLength(1);
    expect(texts.join()).not.toContain('1234');
    // Nor a digest that the body could be guessed by.
    expect(texts.join()).not.toContain('"POST\\",\\"application/json');
  });
});
