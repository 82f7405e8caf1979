import { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { cachingInterceptor } from '../../../src/axios/caching-interceptor.ts';
import { newInstallation } from '../../../src/axios/installation.ts';
import { RequestPrediction } from '../../../src/axios/predicted-request.ts';
import { primaryOf } from '../../../src/core/cache-key.ts';
import { HttpCache, cacheInfo } from '../../../src/index.ts';
import type { CacheManager } from '../../../src/managers/manager.ts';
import { engineOf } from '../../../src/node-http/cache-option.ts';
import { AnsweredRequest } from '../../../src/node-http/answered-request.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { axiosKit } from '../../differential/axios-kit.ts';
import type { Description } from '../../differential/description.ts';
import { watchStream, type Handling } from './watch-stream.ts';

/** Sends every request through axios's own adapter. */
class NoPrediction extends RequestPrediction {
  override predict(): undefined {
    return undefined;
  }
}

/** One way to an answer. */
export interface Way {
  readonly cache: HttpCache;
  /** What a caller sees of a response or an error; and whether the short way was taken. */
  ask(
    config: AxiosRequestConfig,
    handling: Handling,
  ): Promise<{ readonly seen: Description; readonly isShort: boolean; readonly isStream: boolean }>;
}

/** The way that callers go, and the one that everything can go, each with a cache of its own under one clock. */
export interface TwoWays {
  readonly clock: SettableClock;
  readonly usual: Way;
  readonly long: Way;
}

export function twoWays(makeManager: () => CacheManager, now: number): TwoWays {
  const clock = new SettableClock(now);
  const way = (isLong: boolean): Way => {
    const cache = new HttpCache({ manager: makeManager(), clock });
    const known = newInstallation(engineOf(cache), axios);
    const installation = isLong ? { ...known, prediction: new NoPrediction(axios) } : known;
    const api = axios.create({ proxy: false });
    api.interceptors.request.use(cachingInterceptor(installation), undefined, { synchronous: true });
    return { cache, ask: (config, handling) => ask(api, config, handling) };
  };
  return { clock, usual: way(false), long: way(true) };
}

async function ask(
  api: AxiosInstance,
  config: AxiosRequestConfig,
  handling: Handling,
): ReturnType<Way['ask']> {
  const answer: unknown = await api.request({ ...config }).catch((error: unknown) => error);
  const response: unknown =
    answer instanceof Error && 'response' in answer && answer.response !== undefined
      ? answer.response
      : answer;
  const info = typeof response === 'object' && response !== null ? cacheInfo(response) : undefined;
  const request: unknown = Reflect.get(Object(response), 'request');
  const data: unknown = Reflect.get(Object(response), 'data');
  // Epochs of variants, and digests of credentials, are of each store's own.
  const seen = {
    answer: axiosKit.describe(answer),
    info: axiosKit.describe({ ...info, key: info?.key && primaryOf(info.key) }),
  };
  const isShort = request instanceof AnsweredRequest;
  if (!(data instanceof Readable)) return { seen, isShort, isStream: false };
  // What is stored of a miss, and how much of it a caller has seen by then, depends on the connection.
  const watched = await watchStream(data, request, info?.outcome === 'hit' ? handling : 'reads it');
  const after = info?.outcome === 'hit' ? { watched, afterwards: axiosKit.describe(answer) } : undefined;
  return { seen: { ...seen, after }, isShort, isStream: true };
}
