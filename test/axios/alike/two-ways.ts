import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { cachingInterceptor } from '../../../src/axios/caching-interceptor.ts';
import { newInstallation } from '../../../src/axios/installation.ts';
import { RequestPrediction } from '../../../src/axios/predicted-request.ts';
import { primaryOf } from '../../../src/core/cache-key.ts';
import { HttpCache, cacheInfo } from '../../../src/index.ts';
import type { CacheManager } from '../../../src/managers/manager.ts';
import { engineOf } from '../../../src/node-http/cache-option.ts';
import { SpentRequest } from '../../../src/node-http/spent-exchange.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { axiosKit } from '../../differential/axios-kit.ts';
import type { Description } from '../../differential/description.ts';

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
  ask(config: AxiosRequestConfig): Promise<{ readonly seen: Description; readonly isShort: boolean }>;
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
    return { cache, ask: (config) => ask(api, config) };
  };
  return { clock, usual: way(false), long: way(true) };
}

async function ask(api: AxiosInstance, config: AxiosRequestConfig): ReturnType<Way['ask']> {
  const answer: unknown = await api.request({ ...config }).catch((error: unknown) => error);
  const response: unknown =
    answer instanceof Error && 'response' in answer && answer.response !== undefined
      ? answer.response
      : answer;
  const info = typeof response === 'object' && response !== null ? cacheInfo(response) : undefined;
  const request: unknown = Reflect.get(Object(response), 'request');
  return {
    // Epochs of variants, and digests of credentials, are of each store's own.
    seen: {
      answer: axiosKit.describe(answer),
      info: axiosKit.describe({ ...info, key: info?.key && primaryOf(info.key) }),
    },
    isShort: request instanceof SpentRequest,
  };
}
