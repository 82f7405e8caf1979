import { describe, expect, it } from 'vitest';
import { send } from '../helpers/reply.ts';
import { setStage, storingRows } from '../streams/stage.ts';

const validators = [
  ['ETag', '"page"'],
  ['Last-Modified', 'Thu, 01 Jan 2026 00:00:00 GMT'],
] as const;

describe.each(storingRows)('RFC 9110 §15.4.5 through $client into $store', (row) => {
  it.each([301, 404, 410])(
    'a stored %d is asked for anew, as a 304 could only be about a 200',
    async (status) => {
      await using stage = await setStage(row, {
        '/': (call) =>
          call.nth === 1
            ? send(call, { status, headers: [['Cache-Control', 'max-age=60'], ...validators], body: 'was' })
            : send(call, {
                status: call.request.headers['if-modified-since'] === undefined ? 200 : 304,
                body: 'is',
              }),
      });
      const url = `${stage.origin.url}/`;
      const ask = () => stage.client.fetch(url, { anyStatus: true, follow: false });
      await ask();
      await stage.cache.idle();
      expect((await ask()).info?.outcome).toBe('hit');
      stage.clock.advance(60_000);
      const answer = await ask();
      expect([answer.status, String(answer.body)]).toEqual([200, 'is']);
      expect(stage.origin.requests('/')[1]?.headers.map(([name]) => name.toLowerCase())).not.toContain(
        'if-none-match',
      );
    },
  );

  it('a stored 404 answers a condition of the caller as it is', async () => {
    await using stage = await setStage(row, {
      '/': (call) =>
        send(call, { status: 404, headers: [['Cache-Control', 'max-age=60'], ...validators], body: 'none' }),
    });
    const url = `${stage.origin.url}/`;
    await stage.client.fetch(url, { anyStatus: true });
    await stage.cache.idle();
    const answer = await stage.client.fetch(url, { anyStatus: true, headers: { 'If-None-Match': '"page"' } });
    expect([answer.status, answer.info?.outcome]).toEqual([404, 'hit']);
  });
});
