import { describe, expect, it } from 'vitest';
import { answers } from '../rfc9111/answers.ts';
import { ask } from '../rfc9111/ask.ts';
import { setStage, storingRows, type StageRow } from '../streams/stage.ts';
import type { Route } from '../helpers/origin.ts';

const each =
  (groups: (path: string) => string): Route =>
  ({ request, response, date }) => {
    response.writeHead(200, {
      Date: date,
      'Cache-Control': 'max-age=600',
      'Cache-Groups': groups(request.url ?? ''),
    });
    response.end('body');
  };

describe.each(storingRows)('what an origin groups, through $client into $store', (row: StageRow) => {
  it('takes no more room than there is, however many groups responses name', async () => {
    const names = (path: string): string =>
      Array.from({ length: 40 }, (_, at) => `"${path.slice(1)} ${at}"`).join(', ');
    const paths = Array.from({ length: 40 }, (_, at) => `/${at}`);
    const route = each(names);
    const routes = Object.fromEntries(paths.map((path) => [path, route]));
    const maxSize = 256 * 1024;
    await using stage = await setStage(row, routes, { maxSize });
    for (const path of paths) await ask(stage, path);
    const { manager } = await stage.cache.stats();
    expect(manager?.evictions).toBeGreaterThan(0);
    expect(manager?.bytes).toBeLessThanOrEqual(maxSize);
    const last = await ask(stage, paths.at(-1) ?? '');
    expect(last).toMatchObject({ status: 200, body: 'body' });
  });

  it('is known by any name, and by that alone', async () => {
    const names = ['__proto__', 'constructor', ' a', 'a b', 'a'];
    const plain = answers({ headers: { 'Cache-Control': 'max-age=600' } });
    const routes = Object.fromEntries(names.map((_, at) => [`/${at}`, plain]));
    await using stage = await setStage(row, routes, {
      tags: ({ url }) => [names[Number(url.at(-1))] ?? 'x'],
    });
    for (const [at, tag] of names.entries()) {
      for (const other of names.keys()) await ask(stage, `/${other}`);
      await stage.cache.invalidate({ tag });
      const hits: boolean[] = [];
      for (const other of names.keys()) hits.push((await ask(stage, `/${other}`)).outcome === 'hit');
      expect(hits).toEqual(names.map((_, other) => other !== at));
    }
  });
});
