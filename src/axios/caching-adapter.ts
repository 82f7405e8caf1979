import { isError } from '../core/is-error.ts';
import type { AxiosAdapter, AxiosResponse, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import { recordCacheInfo } from '../engine/cache-info-registry.ts';
import type { BypassReason, CacheInfo } from '../engine/cache-info.ts';
import { isPromise } from '../engine/maybe-promise.ts';
import type { OutgoingRequest } from '../node-http/outgoing-request.ts';
import { BegunRequest } from './begun-request.ts';
import { CachingTransport } from './caching-transport.ts';
import { sendWithinLimits } from './send-within-limits.ts';
import type { AdapterCall, Installation, TransportCall } from './installation.ts';
import { answerFromStore } from './stored-answer.ts';

/** Sends a request by the adapter that its config names, with the cache in it where it is axios's own for Node. */
export function sendThroughCache(installation: Installation, call: AdapterCall): Promise<AxiosResponse> {
  const { axios, httpAdapter, engine } = installation;
  const { config, options } = call;
  const adapter = axios.getAdapter(config.adapter ?? axios.defaults.adapter, config);
  if (adapter !== httpAdapter || Number(config.httpVersion) === 2 || holdsJar(config)) {
    return sendBeside(installation, adapter, config, 'seam');
  }
  const aside = config.method === 'get' || config.method === 'head' ? engine.hasNoPart(options) : undefined;
  if (aside !== undefined) return sendBeside(installation, adapter, config, aside);
  const begun = begin(installation, call);
  const answer = begun === undefined ? undefined : answerAtOnce(installation, config, begun);
  return answer === undefined ? sendWithTransport(installation, { ...call, begun }) : Promise.resolve(answer);
}

/**
 * Whether axios-cookiejar-support is to bring the cookies: its agents send them, and read those of the response, where
 * the cache sees neither.
 */
function holdsJar(config: InternalAxiosRequestConfig): boolean {
  return 'jar' in config && typeof config.jar === 'object' && config.jar !== null;
}

function begin(
  { engine, prediction }: Installation,
  { config, options }: AdapterCall,
): BegunRequest | undefined {
  let outgoing: OutgoingRequest | undefined;
  try {
    outgoing = prediction.predict(config);
  } catch {
    // What cannot be sent is for the adapter to say.
    return undefined;
  }
  return outgoing === undefined ? undefined : new BegunRequest(engine, outgoing, options);
}

/** The short way for a hit that needs nothing of what the adapter does. */
function answerAtOnce(
  installation: Installation,
  config: InternalAxiosRequestConfig,
  begun: BegunRequest,
): AxiosResponse | undefined {
  const { plan, outgoing } = begun;
  if (isPromise(plan) || plan.kind !== 'stored') return undefined;
  try {
    return answerFromStore({ config, outgoing, delivery: plan.delivery }, installation);
  } catch (error) {
    // The caller's `validateStatus` is one that may throw.
    begun.dispose();
    throw error;
  }
}

/** The cache does not sit on this way; say so on the response. */
async function sendBeside(
  installation: Installation,
  adapter: AxiosAdapter,
  config: InternalAxiosRequestConfig,
  reason: BypassReason,
): Promise<AxiosResponse> {
  const info = (response: AxiosResponse): CacheInfo =>
    bypassInfo(installation, config, reason, reason === 'seam' ? undefined : response.status);
  try {
    const { limits } = installation.engine;
    const response = await (limits === undefined
      ? adapter(config)
      : sendWithinLimits(limits, { config, url: uriOf(config, installation.axios), adapter }));
    return withInfo(response, info(response));
  } catch (error) {
    if (hasResponse(error)) withInfo(error.response, info(error.response));
    throw error;
  }
}

async function sendWithTransport(installation: Installation, call: TransportCall): Promise<AxiosResponse> {
  const { config } = call;
  const transport = new CachingTransport(installation, call);
  const before = Object.getOwnPropertyDescriptor(config, 'transport');
  // Not enumerable: the config is the caller's to look at and to send again.
  Object.defineProperty(config, 'transport', { value: transport, configurable: true, writable: true });
  // A `data:` URL is answered by axios without any transport.
  const info = (): CacheInfo => transport.info ?? bypassInfo(installation, config, 'seam');
  try {
    return withInfo(await installation.httpAdapter(config), info());
  } catch (error) {
    if (hasResponse(error)) withInfo(error.response, info());
    throw error;
  } finally {
    call.begun?.dispose();
    if (before === undefined) Reflect.deleteProperty(config, 'transport');
    else Object.defineProperty(config, 'transport', before);
  }
}

function bypassInfo(
  { engine, axios }: Installation,
  config: InternalAxiosRequestConfig,
  reason: BypassReason,
  forwardStatus?: number,
): CacheInfo {
  const request = {
    method: config.method?.toUpperCase() ?? 'GET',
    headers: [],
    // Only worked out for an observer.
    get url() {
      return uriOf(config, axios);
    },
  };
  return engine.bypassed(request, reason, forwardStatus);
}

function uriOf(config: InternalAxiosRequestConfig, axios: AxiosStatic): string {
  try {
    const uri = axios.getUri(config);
    return URL.canParse(uri) ? targetOf(new URL(uri)) : uri;
  } catch {
    // A serialiser of the user's may fail here as it did, or did not, for the adapter.
    return config.url ?? '';
  }
}

/** RFC 9110 §7.1: without fragment and userinfo. */
function targetOf(url: URL): string {
  return Object.assign(url, { hash: '', username: '', password: '' }).href;
}

/** Mocks reject with errors of their own making, and resolve with anything at all. */
function hasResponse(error: unknown): error is { readonly response: AxiosResponse } {
  return isError(error) && typeof Reflect.get(error, 'response') === 'object';
}

function withInfo(response: AxiosResponse, info: CacheInfo): AxiosResponse {
  if (typeof response !== 'object' || response === null || !Object.isExtensible(response)) return response;
  recordCacheInfo(response, info);
  response.httpCache = info;
  return response;
}
