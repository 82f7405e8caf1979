import { describe, expect, it } from 'vitest';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { ask } from './ask.ts';

/** Tells what was asked for. */
const echo: Route = (call) =>
  send(call, {
    headers: [fresh],
    body: `${call.request.headers.host} ${call.request.url} ${call.request.headers['x-forwarded-host'] ?? ''}`,
  });

describe.each(storingRows)('the key of a stored response (RFC 9111 §2), $client, $store', (row) => {
  it('is the target URI as it was sent: nothing near it gets its response', async () => {
    const targets = [
      '/a?b=1&c=2',
      '/a?c=2&b=1',
      '/a?b=1&c=2&',
      '/a?b=1&c=2&utm_source=x',
      '/a/?b=1&c=2',
      '//a?b=1&c=2',
      '/A?b=1&c=2',
      '/%61?b=1&c=2',
      '/a?b=1%26c=2',
      '/a',
    ];
    // The origin takes the path of `//a` for a host and `/`.
    const paths = ['/a', '/a/', '/A', '/%61', '/'];
    await using stage = await setStage(row, Object.fromEntries(paths.map((path) => [path, echo])));
    const bodies = new Map<string, string>();
    for (const target of targets) {
      const { body, outcome } = await ask(stage, stage.origin.url + target);
      expect([target, outcome]).toEqual([target, 'miss']);
      bodies.set(target, body);
    }
    for (const target of targets) {
      const { body, outcome } = await ask(stage, stage.origin.url + target);
      expect([target, outcome, body]).toEqual([target, 'hit', bodies.get(target)]);
    }
  });

  it('has no fragment and no userinfo in it', async () => {
    await using stage = await setStage(row, { '/': echo });
    await ask(stage, '/');
    expect((await ask(stage, '/#part')).outcome).toBe('hit');
    const { info } = await ask(stage, stage.origin.url.replace('//', '//ada:secret@'));
    expect(info).toMatchObject({ outcome: 'hit', key: `${stage.origin.url}/` });
  });

  it('has the origin in it: host, port and the Host that was set', async () => {
    await using stage = await setStage(row, { '/': echo });
    await using other = await startOrigin({ '/': echo });
    await ask(stage, '/');
    const sameHost = stage.origin.url.replace('127.0.0.1', 'localhost');
    for (const url of [other.url, sameHost]) expect((await ask(stage, url)).outcome).toBe('miss');
    const headers = { Host: 'evil.test' };
    expect(await ask(stage, '/', { headers })).toMatchObject({ outcome: 'miss', body: 'evil.test / ' });
    expect((await ask(stage, '/')).body).toContain('127.0.0.1');
  });

  it.each([
    'X-HTTP-Method',
    'X-HTTP-Method-Override',
    'X-Method-Override',
    'X-Original-URL',
    'X-Rewrite-URL',
  ])('does not stand for a request that %s gives another meaning', async (name) => {
    await using stage = await setStage(row, { '/': echo });
    const overridden = { headers: { [name]: name.endsWith('URL') ? '/admin' : 'DELETE' } };
    expect((await ask(stage, '/', overridden)).info).toMatchObject({ outcome: 'bypass', reason: 'override' });
    expect((await ask(stage, '/')).outcome).toBe('miss');
    expect((await ask(stage, '/', overridden)).outcome).toBe('bypass');
    expect(stage.origin.count()).toBe(3);
  });

  it('tells apart what other fields of the request steer, where cacheKey says so', async () => {
    await using stage = await setStage(
      row,
      { '/': echo },
      {
        cacheKey: ({ headers }) => {
          const steering = headers.find(([name]) => name.toLowerCase() === 'x-forwarded-host');
          return steering === undefined ? undefined : { suffix: steering[1] };
        },
      },
    );
    const poisoned = await ask(stage, '/', { headers: { 'X-Forwarded-Host': 'evil.test' } });
    expect(poisoned).toMatchObject({ outcome: 'miss', body: expect.stringContaining('evil.test') });
    const clean = await ask(stage, '/');
    expect([clean.outcome, clean.body.includes('evil')]).toEqual(['miss', false]);
  });
});
