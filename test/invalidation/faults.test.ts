import { describe, expect, it } from 'vitest';
import { answers } from '../rfc9111/answers.ts';
import { ask, startAsking } from '../rfc9111/ask.ts';
import { endRedisAfterwards, rows, setUp, type Row } from './setting.ts';

endRedisAfterwards();

const fresh = answers({ headers: { 'Cache-Control': 'max-age=600' } });

describe.each(rows)('invalidation by tag, where something fails, through $client into $store', (row: Row) => {
  it('errs on the safe side: without its record, nothing that has a tag is used', async () => {
    await using setting = await setUp(row, { '/': fresh }, { tags: () => ['t'] });
    await ask(setting, '/');
    expect((await ask(setting, '/')).outcome).toBe('hit');
    await setting.manager.delete('tag t');
    expect((await ask(setting, '/')).body).toBe('body 2');
    expect((await ask(setting, '/')).outcome).toBe('hit');
  });

  it.each([
    ['invalidate', 'miss'],
    ['markStale', 'miss'],
  ] as const)('holds in this process where the store takes nothing any more: %s', async (method, outcome) => {
    await using setting = await setUp(row, { '/': fresh }, { tags: () => ['t'] });
    await ask(setting, '/');
    const down = async (): Promise<never> => Promise.reject(new Error('down'));
    Object.assign(setting.manager, { put: down, delete: down, putStream: down, updateMetadata: down });
    await setting.cache[method]({ tag: 't' });
    expect(setting.events.some(({ type }) => type === 'error')).toBe(true);
    expect((await ask(setting, '/')).outcome).toBe(outcome);
  });

  it('does not let a response stand in that was invalidated while the origin was asked', async () => {
    await using setting = await setUp(
      row,
      {
        '/': async ({ request, response, date, nth, toldToGoOn }) => {
          if (nth > 1) {
            await toldToGoOn;
            request.socket.destroy();
            return;
          }
          response.writeHead(200, {
            Date: date,
            'Cache-Control': 'max-age=1, stale-if-error=600',
            ETag: '"e"',
          });
          response.end('body');
        },
      },
      { tags: () => ['t'] },
    );
    await ask(setting, '/');
    setting.clock.advance(5000);
    const asked = startAsking(setting, '/').catch(() => 'failed');
    await setting.origin.received('/', 2);
    await setting.cache.invalidate({ tag: 't' });
    setting.origin.goOn();
    expect(await asked).toBe('failed');
  });
});
