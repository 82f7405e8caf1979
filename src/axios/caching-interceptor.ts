import type { AxiosAdapter, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import { validateRequestOptions } from '../engine/request-options.ts';
import { sendThroughCache } from './caching-adapter.ts';
import type { Installation } from './installation.ts';

/** Where an adapter of ours keeps the one that it stands for. */
const previousKey: unique symbol = Symbol.for('http-larder.axios.adapter');

type AdapterOption = AxiosRequestConfig['adapter'];

/**
 * Makes the interceptor that puts the cache before a request's adapter. The adapter comes last, so it does the work:
 * what interceptors that run after this one change is then known. It is also what tells of a wrong `httpCache`, by a
 * TypeError: what a synchronous interceptor throws, axios loses before version 1.19.
 */
export function cachingInterceptor(
  installation: Installation,
): (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig {
  return (config) => {
    // A request that is cancelled already gets no further than to its error, which shows the config.
    if (config.signal?.aborted === true || config.cancelToken?.reason !== undefined) return config;
    const previous = adapterBefore(config.adapter);
    const adapter: AxiosAdapter = (final) => {
      if (previous === undefined) delete final.adapter;
      else final.adapter = previous;
      return sendThroughCache(installation, {
        config: final,
        options: validateRequestOptions(final.httpCache),
      });
    };
    config.adapter = Object.assign(adapter, { [previousKey]: previous });
    return config;
  };
}

/** A config whose request failed before it got to an adapter still has ours, and may be sent again. */
function adapterBefore(adapter: AdapterOption): AdapterOption {
  return typeof adapter === 'function' && isOurs(adapter) ? adapter[previousKey] : adapter;
}

function isOurs(adapter: object): adapter is { readonly [previousKey]: AdapterOption } {
  return previousKey in adapter;
}
