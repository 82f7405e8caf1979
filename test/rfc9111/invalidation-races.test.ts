import { describe, expect, it, vi } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { drain } from '../helpers/drain.ts';
import { setStage, type Stage, type StageRow, storingRows } from '../streams/stage.ts';
import { ask, type Asking, startAsking } from './ask.ts';
import { ChangingResource, type Place } from './changing-resource.ts';

/** Who sends the unsafe request: a client of the same cache, or of another one on the same store. */
const posters: readonly { readonly by: string; readonly poster: (stage: Stage, row: StageRow) => Asking }[] =
  [
    { by: 'the same cache', poster: (stage) => stage },
    {
      by: 'another cache on the store',
      poster: (stage, { connect }) => {
        const cache = new HttpCache({ manager: stage.store.manager, clock: stage.clock });
        return { ...stage, cache, client: connect(cache) };
      },
    },
  ];

const rows = storingRows.flatMap((row) => posters.map((poster) => ({ ...row, ...poster })));

const staleAllowed = 'max-age=60, stale-while-revalidate=600';

describe.each(rows)('what was invalidated through $by never comes back, $client, $store', (row) => {
  /** Changes the resource while an answer is held, and sees that what comes later is of the new version. */
  async function changeMeanwhile(stage: Stage, resource: ChangingResource): Promise<void> {
    expect((await startAsking(row.poster(stage, row), '/', { method: 'POST', body: 'x' })).status).toBe(204);
    const current = `version ${resource.version}`;
    expect((await startAsking(stage, '/')).body).toBe(current);
    stage.origin.goOn();
    await stage.cache.idle();
    expect(await ask(stage, '/')).toMatchObject({ body: current, outcome: 'hit' });
  }

  it('by way of a response whose head has not come yet', async () => {
    const resource = new ChangingResource();
    await using stage = await setStage(row, { '/': resource.route });
    const held = resource.holdNext('head');
    const early = startAsking(stage, '/');
    await held;
    await changeMeanwhile(stage, resource);
    expect((await early).body).toBe('version 1');
    expect(await ask(stage, '/')).toMatchObject({ body: 'version 2', outcome: 'hit' });
  });

  it('by way of a response whose body is under way', async () => {
    const resource = new ChangingResource();
    await using stage = await setStage(row, { '/': resource.route });
    const held = resource.holdNext('body');
    const { body } = await stage.client.open(`${stage.origin.url}/`);
    await held;
    await changeMeanwhile(stage, resource);
    expect((await drain(body)).toString()).toBe('version 1');
    expect(await ask(stage, '/')).toMatchObject({ body: 'version 2', outcome: 'hit' });
  });

  it.each<[place: Place]>([['head'], ['body']])(
    'by way of a request that waits for another one, whose %s is held',
    async (place) => {
      const resource = new ChangingResource();
      await using stage = await setStage(row, { '/': resource.route });
      const held = resource.holdNext(place);
      const both = [startAsking(stage, '/')];
      await held;
      both.push(startAsking(stage, '/'));
      await vi.waitFor(() => expect(stage.events).toContainEqual(expect.objectContaining({ type: 'wait' })));
      await changeMeanwhile(stage, resource);
      const [first] = await Promise.all(both);
      expect(first?.body).toBe('version 1');
      expect(await ask(stage, '/')).toMatchObject({ body: 'version 2', outcome: 'hit' });
    },
  );

  it.each([
    ['confirms it', 1],
    ['replaces it', 2],
  ])('by way of an answer behind a stale response that %s', async (_what, version) => {
    const resource = new ChangingResource(staleAllowed);
    await using stage = await setStage(row, { '/': resource.route });
    await ask(stage, '/');
    stage.clock.advance(61_000);
    resource.version = version;
    const held = resource.holdNext('head');
    expect((await startAsking(stage, '/')).outcome).toBe('stale');
    await held;
    await changeMeanwhile(stage, resource);
  });

  it.each([
    ['confirms it', 'max-age=60'],
    ['takes it out of the store', 'no-store'],
  ])('by way of a 304 under way that %s', async (_what, cacheControl) => {
    const resource = new ChangingResource('max-age=60', cacheControl);
    await using stage = await setStage(row, { '/': resource.route });
    await ask(stage, '/');
    stage.clock.advance(61_000);
    const held = resource.holdNext('head');
    const early = startAsking(stage, '/');
    await held;
    await changeMeanwhile(stage, resource);
    expect(await early).toMatchObject({ body: 'version 1', outcome: 'revalidated' });
    expect(await ask(stage, '/')).toMatchObject({ body: 'version 2', outcome: 'hit' });
  });
});
