import { describe, expect, it } from 'vitest';
import { ask } from '../rfc9111/ask.ts';
import { answers } from '../rfc9111/answers.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { onStoreOf } from './on-store.ts';

const minute = 60_000;
const failing = answers({ status: 503 }, { status: 200 });
const missing = answers({ status: 404 });

describe.each(storingRows)('the option errorTtl through $client into $store', (row) => {
  it('stores and reuses errors that give no freshness of their own, and no longer than that', async () => {
    await using stage = await setStage(row, { '/': failing }, { errorTtl: minute });
    expect((await ask(stage, '/')).info).toMatchObject({ stored: true, freshForMs: minute });
    expect(await ask(stage, '/')).toMatchObject({ status: 503, outcome: 'hit', body: 'body 1' });
    stage.clock.advance(minute);
    expect(await ask(stage, '/')).toMatchObject({ status: 200, outcome: 'miss' });
  });

  it('goes by the status first and by its class then', async () => {
    const routes = { '/404': missing, '/410': answers({ status: 410 }), '/500': answers({ status: 500 }) };
    const errorTtl = { '404': 2 * minute, '4xx': minute };
    await using stage = await setStage(row, routes, { errorTtl });
    expect((await ask(stage, '/404')).info?.freshForMs).toBe(2 * minute);
    expect((await ask(stage, '/410')).info?.freshForMs).toBe(minute);
    expect((await ask(stage, '/500')).info?.notStored).toBe('status');
  });

  it('leaves alone what the origin says of its errors', async () => {
    const routes = {
      '/long': answers({ status: 503, headers: { 'Cache-Control': 'max-age=600' } }),
      '/never': answers({ status: 503, headers: { 'Cache-Control': 'no-store' } }),
      '/checked': answers({ status: 503, headers: { 'Cache-Control': 'no-cache' } }),
      '/limited': answers({ status: 429 }),
    };
    await using stage = await setStage(row, routes, { errorTtl: minute });
    expect((await ask(stage, '/long')).info?.freshForMs).toBe(10 * minute);
    expect((await ask(stage, '/never')).info?.notStored).toBe('response-no-store');
    expect((await ask(stage, '/checked')).info?.notStored).toBe('not-reusable');
    expect((await ask(stage, '/limited')).info?.notStored).toBe('status');
  });

  it('is evaluated when it is read, and a rule has its own', async () => {
    await using stage = await setStage(row, { '/': missing }, { errorTtl: 10 * minute });
    await ask(stage, '/');
    stage.clock.advance(2 * minute);
    const rules = [{ match: stage.origin.url, errorTtl: { '4xx': 5 * minute } }];
    const ruled = onStoreOf(stage, row, { errorTtl: minute, rules });
    expect((await ask(ruled, '/')).outcome).toBe('hit');
    expect((await ask(onStoreOf(stage, row, { errorTtl: minute }), '/')).outcome).toBe('miss');
    expect((await ask(onStoreOf(stage, row, {}), '/')).outcome).toBe('miss');
  });

  it('holds in the mode ignore-rules, which stores other errors not at all', async () => {
    const unstorable = { status: 404, headers: { 'Cache-Control': 'no-store, max-age=0' } };
    const routes = { '/': answers(unstorable), '/500': answers({ status: 500 }) };
    await using stage = await setStage(row, routes, { mode: 'ignore-rules', errorTtl: { 404: minute } });
    expect((await ask(stage, '/500')).info?.notStored).toBe('status');
    await ask(stage, '/');
    expect((await ask(stage, '/')).outcome).toBe('hit');
    stage.clock.advance(minute);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 2' });
  });

  it('lets no error that is past it stand in for an origin out of reach', async () => {
    await using stage = await setStage(row, { '/': missing }, { errorTtl: minute });
    await ask(stage, '/');
    stage.clock.advance(minute);
    await stage.origin.close();
    await expect(ask(stage, '/')).rejects.toThrow(/ECONNREFUSED|hang up/);
  });
});
