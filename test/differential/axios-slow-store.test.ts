import axios, { type AxiosRequestConfig } from 'axios';
import { describe, expect, test } from 'vitest';
import { HttpCache } from '../../src/http-cache.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { gatedManager } from '../node-http/gated-manager.ts';
import { axiosKit, usedAxiosKit } from './axios-kit.ts';
import { differences, showDifferences } from './differences.ts';

/** How a caller gives up: by a config, and by what is done once the request is waited for. */
interface Impatience {
  readonly config: AxiosRequestConfig;
  readonly giveUp?: () => void;
}

function aborting(config: AxiosRequestConfig = {}): Impatience {
  const control = new AbortController();
  return { config: { ...config, signal: control.signal }, giveUp: () => control.abort() };
}

function cancelling(): Impatience {
  const source = axios.CancelToken.source();
  return { config: { cancelToken: source.token }, giveUp: () => source.cancel('enough') };
}

const ways: readonly (readonly [name: string, impatience: () => Impatience])[] = [
  ['a signal', () => aborting()],
  ['a signal, for bytes', () => aborting({ responseType: 'arraybuffer' })],
  ['a signal, for a stream', () => aborting({ responseType: 'stream' })],
  ['a signal, without redirects', () => aborting({ maxRedirects: 0 })],
  ['a CancelToken', cancelling],
  ['a timeout', () => ({ config: { timeout: 50 } })],
  ['a timeout, without redirects', () => ({ config: { timeout: 50, maxRedirects: 0 } })],
  [
    'a timeout that is told from an abort',
    () => ({ config: { timeout: 50, transitional: { clarifyTimeoutError: true } } }),
  ],
];

const kits = [
  ['a new instance', axiosKit],
  ['a used instance', usedAxiosKit],
] as const;

describe.each(kits)(
  '%s of axios that waits for the store fails as one that waits for the origin',
  (_kit, kit) => {
    test.each(ways)('%s', async (_name, impatience) => {
      await using origin = await startOrigin(originRoutes);
      const url = `${origin.url}/stall-head`;
      const failure = (cache: HttpCache | undefined, waits: Promise<void>): Promise<unknown> => {
        const { config, giveUp } = impatience();
        void waits.then(giveUp);
        return kit
          .make(undefined, cache)
          .get(url, config)
          .catch((error: unknown) => error);
      };
      const plain = kit.describe(await failure(undefined, origin.received('/stall-head')));
      origin.reset();

      const manager = gatedManager();
      const cache = new HttpCache({ manager, managerTimeout: 60_000 });
      const slow = kit.describe(await failure(cache, manager.hold()));
      // The one truth that shows: nothing was sent.
      const found = differences(plain, slow).filter(({ field }) => field !== 'request.writableFinished');
      expect(showDifferences(found)).toBe('');

      manager.letGo();
      await cache.idle();
      expect(origin.count()).toBe(0);
    });
  },
);
