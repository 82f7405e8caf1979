import type { AxiosAdapter, AxiosResponse, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import { recordCacheInfo } from '../engine/cache-info-registry.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { Engine } from '../engine/exchange.ts';
import type { RequestOptions } from '../engine/options.ts';
import { CachingTransport } from './caching-transport.ts';

/** A cache in an axios instance. */
export interface Installation {
  readonly engine: Engine;
  /** The copy of axios that the instance is of. */
  readonly axios: AxiosStatic;
}

/** One request on its way through the adapter. */
export interface AdapterCall {
  /** As `dispatchRequest` gives it, but with the adapter that it had before ours. */
  readonly config: InternalAxiosRequestConfig;
  /** What the caller asked of the cache. */
  readonly options: RequestOptions | false | undefined;
}

/** Sends a request by the adapter that its config names, with the cache in it where it is axios's own for Node. */
export function sendThroughCache(installation: Installation, call: AdapterCall): Promise<AxiosResponse> {
  const { axios } = installation;
  const { config } = call;
  const adapter = axios.getAdapter(config.adapter ?? axios.defaults.adapter, config);
  if (adapter !== axios.getAdapter('http', config) || Number(config.httpVersion) === 2) {
    return sendBeside(installation, adapter, config);
  }
  return sendWithTransport(installation, adapter, call);
}

/** The cache cannot sit on this way; say so on the response. */
async function sendBeside(
  { engine, axios }: Installation,
  adapter: AxiosAdapter,
  config: InternalAxiosRequestConfig,
): Promise<AxiosResponse> {
  const info = (): CacheInfo => {
    const method = config.method?.toUpperCase() ?? 'GET';
    return engine.bypassed({ method, url: axios.getUri(config), headers: [] }, 'seam');
  };
  try {
    return withInfo(await adapter(config), info());
  } catch (error) {
    if (axios.isAxiosError(error) && error.response !== undefined) withInfo(error.response, info());
    throw error;
  }
}

async function sendWithTransport(
  installation: Installation,
  adapter: AxiosAdapter,
  call: AdapterCall,
): Promise<AxiosResponse> {
  const { config } = call;
  const transport = new CachingTransport(installation, call);
  const before = Object.getOwnPropertyDescriptor(config, 'transport');
  // Not enumerable: the config is the caller's to look at and to send again.
  Object.defineProperty(config, 'transport', { value: transport, configurable: true, writable: true });
  try {
    return withInfo(await adapter(config), transport.info);
  } catch (error) {
    if (installation.axios.isAxiosError(error) && error.response !== undefined) {
      withInfo(error.response, transport.info);
    }
    throw error;
  } finally {
    if (before === undefined) Reflect.deleteProperty(config, 'transport');
    else Object.defineProperty(config, 'transport', before);
  }
}

function withInfo(response: AxiosResponse, info: CacheInfo | undefined): AxiosResponse {
  if (info === undefined) return response;
  recordCacheInfo(response, info);
  response.httpCache = info;
  return response;
}
