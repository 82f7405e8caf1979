import type { OptionsInit } from 'got';
import { describe, expect, test } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { gatedManager } from '../node-http/gated-manager.ts';
import { differences, showDifferences } from './differences.ts';
import { gotKit } from './got-kit.ts';

type Instance = ReturnType<typeof gotKit.make>;

/** Asks for a URL, gives up in its own way once the request is waited for, and tells what came of it. */
type Caller = (instance: Instance, url: string, waits: Promise<void>) => Promise<unknown>;

function promising(options: OptionsInit): Caller {
  return async (instance, url) => {
    try {
      return await instance(url, options);
    } catch (error) {
      return error;
    }
  };
}

function streaming(options: OptionsInit, giveUp: (stream: ReturnType<Instance['stream']>) => void): Caller {
  return async (instance, url, waits) => {
    const stream = instance.stream(url, { ...options, isStream: true });
    const events: string[] = [];
    for (const event of ['response', 'end', 'error']) stream.on(event, () => events.push(event));
    const closed = new Promise((resolve) => stream.once('close', resolve));
    await waits;
    giveUp(stream);
    await closed;
    return { stream, events, errored: stream.errored };
  };
}

const ways: readonly (readonly [name: string, ask: Caller])[] = [
  [
    'a signal',
    (instance, url, waits) => {
      const control = new AbortController();
      void waits.then(() => control.abort());
      return promising({ signal: control.signal })(instance, url, waits);
    },
  ],
  ['a signal that times out', (...way) => promising({ signal: AbortSignal.timeout(200) })(...way)],
  [
    '.cancel()',
    (instance, url, waits) => {
      const request = instance(url);
      void waits.then(() => request.cancel());
      return request.catch((error: unknown) => error);
    },
  ],
  ['timeout.request', promising({ timeout: { request: 200 } })],
  ['timeout.socket', promising({ timeout: { socket: 200 } })],
  ['destroy, of a stream', streaming({}, (stream) => stream.destroy())],
  ['destroy with an error, of a stream', streaming({}, (stream) => stream.destroy(new Error('enough')))],
  ['timeout.request, of a stream', streaming({ timeout: { request: 200 } }, () => undefined)],
];

/** What is true of a request that was not sent: it has no connection, and nothing of it has gone out. */
const ofTheUnsent =
  /(?:^|\.)(?:uploadProgress\.(?:done|total)|(?:taken|phasesTaken|ip|init|beforeRequest|requestFunction))$/;

describe('a got that waits for the store fails as one that waits for the origin', () => {
  test.each(ways)('%s', async (_name, ask) => {
    await using origin = await startOrigin(originRoutes);
    const url = `${origin.url}/stall-head`;
    const failure = async (cache: HttpCache | undefined, waits: Promise<void>) => {
      const seen = await ask(gotKit.make(undefined, cache), url, waits);
      // What the break-off leaves behind is still to be told.
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      return gotKit.describe(seen);
    };
    const plain = await failure(undefined, origin.received('/stall-head'));
    origin.reset();

    const manager = gatedManager();
    const cache = new HttpCache({ manager, managerTimeout: 60_000 });
    const slow = await failure(cache, manager.hold());
    const found = differences(plain, slow).filter(({ field }) => !ofTheUnsent.test(field));
    expect(showDifferences(found)).toBe('');

    manager.letGo();
    await cache.idle();
    expect(origin.count()).toBe(0);
  });
});
