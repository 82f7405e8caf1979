import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { SettableClock } from '../../src/testing/settable-clock.ts';
import { startOrigin } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { type Child, type Children, compileChildren } from '../helpers/child-process.ts';
import type { AskTask } from '../streams/children/ask.ts';
import { type ClientRow, clientRows } from '../streams/clients.ts';
import { ask, type Asking, startAsking } from './ask.ts';
import { ChangingResource } from './changing-resource.ts';

let children: Children;
let otherProcess: Child;
beforeAll(() => {
  children = compileChildren('test/streams');
  otherProcess = children.start('ask.ts');
});
afterAll(async () => {
  await otherProcess[Symbol.asyncDispose]();
  children[Symbol.dispose]();
});

interface Shared extends Asking, AsyncDisposable {
  readonly clock: SettableClock;
  /** The same request by another process, which has a cache of its own on the same folder. */
  other(method: 'GET' | 'POST'): Promise<unknown>;
}

/** A cache on a folder that another process uses too, and a resource at `/` of an origin. */
async function shareFolder({ client, connect }: ClientRow, resource: ChangingResource): Promise<Shared> {
  const folder = await tempDir();
  const clock = new SettableClock();
  const origin = await startOrigin({ '/': resource.route }, { date: () => new Date(clock.now()) });
  const cache = new HttpCache({ manager: new StreamingManager({ path: folder.path, minFree: 0 }), clock });
  return {
    origin,
    cache,
    clock,
    client: connect(cache),
    other: (method) => {
      const url = `${origin.url}/`;
      const task: AskTask = { client, folder: folder.path, now: clock.now(), url, method };
      return otherProcess.ask(task);
    },
    [Symbol.asyncDispose]: async () => {
      await origin.close();
      await cache.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe.each(clientRows)('RFC 9111 §4.4 between processes on one folder, $client', (row) => {
  it('what another process invalidated is not reused', async () => {
    await using shared = await shareFolder(row, new ChangingResource());
    await ask(shared, '/');
    expect((await ask(shared, '/')).outcome).toBe('hit');
    shared.clock.advance(1);
    await shared.other('POST');
    expect(await ask(shared, '/')).toMatchObject({ body: 'version 2', outcome: 'miss' });
  });

  it('what another process invalidated does not come back when its body ends', async () => {
    const resource = new ChangingResource();
    await using shared = await shareFolder(row, resource);
    const held = resource.holdNext('body');
    const early = startAsking(shared, '/');
    await held;
    shared.clock.advance(1);
    await shared.other('POST');
    shared.origin.goOn();
    expect((await early).body).toBe('version 1');
    await shared.cache.idle();
    expect(await ask(shared, '/')).toMatchObject({ body: 'version 2', outcome: 'miss' });
  });

  it('what this process invalidated does not come back when its body ends in another one', async () => {
    const resource = new ChangingResource();
    await using shared = await shareFolder(row, resource);
    const held = resource.holdNext('body');
    const early = shared.other('GET');
    await held;
    shared.clock.advance(1);
    await ask(shared, '/', { method: 'POST', body: 'x' });
    shared.origin.goOn();
    expect(await early).toEqual({ body: 'version 1', outcome: 'miss' });
    expect(await ask(shared, '/')).toMatchObject({ body: 'version 2', outcome: 'miss' });
  });

  it('what another process invalidated is not freshened by a 304 that comes behind it', async () => {
    const resource = new ChangingResource('max-age=60, stale-while-revalidate=600');
    await using shared = await shareFolder(row, resource);
    await ask(shared, '/');
    shared.clock.advance(61_000);
    const held = resource.holdNext('head');
    expect((await startAsking(shared, '/')).outcome).toBe('stale');
    await held;
    shared.clock.advance(1);
    await shared.other('POST');
    shared.origin.goOn();
    await shared.cache.idle();
    expect(await ask(shared, '/')).toMatchObject({ body: 'version 2', outcome: 'miss' });
  });

  it('what another process stored after it invalidated stays, whatever comes late', async () => {
    const resource = new ChangingResource();
    await using shared = await shareFolder(row, resource);
    const held = resource.holdNext('body');
    const early = startAsking(shared, '/');
    await held;
    shared.clock.advance(1);
    await shared.other('POST');
    shared.clock.advance(1);
    expect(await shared.other('GET')).toEqual({ body: 'version 2', outcome: 'miss' });
    shared.origin.goOn();
    expect((await early).body).toBe('version 1');
    await shared.cache.idle();
    expect(await ask(shared, '/')).toMatchObject({ body: 'version 2', outcome: 'hit' });
  });
});
