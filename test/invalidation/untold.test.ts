import { describe, expect, it, vi } from 'vitest';
import { answer, answers } from '../rfc9111/answers.ts';
import type { Route } from '../helpers/origin.ts';
import { ask, type Asking } from '../rfc9111/ask.ts';
import { endRedisAfterwards, setUp, sharedRows, type Row, type Setting } from './setting.ts';

endRedisAfterwards();

const fresh = answers({ headers: { 'Cache-Control': 'max-age=600' } });
const changeable: Route = (call) =>
  call.request.method === 'PUT' ? answer(call, { status: 204 }) : fresh(call);

const methods = ['put', 'delete', 'putStream', 'updateMetadata'] as const;

/** Has the store of a setting take nothing any more; gives what has it take everything again. */
function breakStore({ manager }: Setting): () => void {
  const down = async (): Promise<never> => Promise.reject(new Error('down'));
  Object.assign(manager, Object.fromEntries(methods.map((method) => [method, down])));
  return () => {
    for (const method of methods) Reflect.deleteProperty(manager, method);
  };
}

// No store is to be late because all are asked at the same time.
const patient = { managerTimeout: 60_000 };

const asked = [
  ['invalidate by URL', async ({ cache, origin }: Setting) => cache.invalidate(`${origin.url}/a`)],
  ['markStale by URL', async ({ cache, origin }: Setting) => cache.markStale(`${origin.url}/a`)],
  ['invalidate by tag', async ({ cache }: Setting) => cache.invalidate({ tag: 't' })],
  ['markStale by tag', async ({ cache }: Setting) => cache.markStale({ tag: 't' })],
  ['an unsafe method', async (setting: Setting) => void (await ask(setting, '/a', { method: 'PUT' }))],
] as const;

/** Fulfils when the other cache no longer uses what is stored for a path, as the first one is busy with another. */
async function untilTold(setting: Setting, other: Asking, path: string): Promise<void> {
  const isTold = async (): Promise<boolean> => {
    await ask(setting, '/busy');
    return (await other.cache.explain(`${setting.origin.url}${path}`)).stored === undefined;
  };
  await vi.waitUntil(isTold, { timeout: 15_000 });
}

// They wait for the second after which the store is asked again, those on all stores at the same time.
describe.concurrent.each(sharedRows)(
  'an invalidation that the store did not take, through $client into $store',
  (row: Row) => {
    it.each(asked)('is known to others when it takes it again: %s', async (_name, change) => {
      await using setting = await setUp(
        row,
        { '/a': changeable, '/busy': fresh },
        { ...patient, tags: () => ['t'] },
      );
      const other = setting.join();
      await ask(setting, '/a');
      expect((await ask(other, '/a')).outcome).toBe('hit');
      setting.clock.advance(1);
      const mend = breakStore(setting);
      await change(setting);
      expect((await ask(other, '/a')).outcome).toBe('hit');
      mend();
      setting.clock.advance(1);
      await untilTold(setting, other, '/a');
      expect((await ask(other, '/a')).outcome).toBe('miss');
      expect((await ask(setting, '/a')).outcome).toBe('hit');
    });

    it('leaves what came since', async () => {
      await using setting = await setUp(row, { '/a': fresh, '/b': fresh, '/busy': fresh }, patient);
      const other = setting.join();
      const paths = ['/a', '/b'];
      for (const path of paths) await ask(setting, path);
      setting.clock.advance(1);
      const mend = breakStore(setting);
      for (const path of paths) await setting.cache.invalidate(`${setting.origin.url}${path}`);
      setting.clock.advance(1);
      await ask(other, '/a', { headers: { 'Cache-Control': 'no-cache' } });
      mend();
      await untilTold(setting, other, '/b');
      expect(await ask(other, '/a')).toMatchObject({ outcome: 'hit', body: 'body 2' });
      expect(await ask(setting, '/a')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    });
  },
);
