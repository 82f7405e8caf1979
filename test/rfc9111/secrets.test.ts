import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { ask } from './ask.ts';

const secrets = {
  Authorization: 'Bearer planted-1',
  'Proxy-Authorization': 'Basic planted-2',
  Cookie: 'sid=planted-3',
  'X-API-Key': 'planted-4',
};

const route =
  (cacheControl: readonly [string, string], vary: string): Route =>
  (call) => {
    const isKnown = call.request.headers['if-none-match'] === '"e"';
    const headers = [cacheControl, ['Vary', vary] as const, ['ETag', '"e"'] as const];
    send(call, { status: isKnown ? 304 : 200, headers, ...(isKnown ? {} : { body: 'text' }) });
  };

describe.each(storingRows)('what a request shows of its user, $client, $store', (row) => {
  it.each([
    ['none of it', ''],
    ['all of it', Object.keys(secrets).join(', ')],
  ])(
    'is not in the store, nor in what the cache tells, where the response varies by %s',
    async (_what, vary) => {
      await using stage = await setStage(row, {
        '/': route(fresh, vary),
        '/public': route(['Cache-Control', 'public, max-age=60'], vary),
      });
      const base = stage.origin.url.replace('//', '//planted-5:planted-6@');
      const infos: unknown[] = [];
      for (const path of ['/', '/public']) {
        const asked = { headers: secrets };
        for (const wanted of ['miss', 'hit']) {
          const { info, outcome } = await ask(stage, path, asked);
          expect(outcome).toBe(wanted);
          infos.push(info);
        }
        infos.push((await ask(stage, base + path)).info);
        stage.clock.advance(7_200_000);
        const late = await ask(stage, path, asked);
        expect(late.outcome).toBe('revalidated');
        infos.push(late.info);
      }
      const files = stage.store.files().map((file) => readFileSync(file, 'latin1'));
      expect(files.length > 0).toBe(row.store === 'disk');
      const entries = [];
      for await (const entry of stage.cache.entries()) entries.push(entry);
      expect(entries.length).toBeGreaterThan(0);
      expect(JSON.stringify([files, entries, stage.events, infos])).not.toMatch(/planted|cGxhbnRlZC01/);
    },
  );
});
