import http, { type IncomingMessage } from 'node:http';
import https, { type RequestOptions as NativeOptions } from 'node:https';
import followRedirects from 'follow-redirects';
import type { Plan } from '../engine/exchange.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { CachingRequest } from '../node-http/caching-request.ts';
import { freshOptions } from '../node-http/fresh-options.ts';
import { isHiddenError } from '../node-http/hidden-error.ts';
import { type OutgoingRequest, outgoingRequest } from '../node-http/outgoing-request.ts';
import type { OnResponse, Opened, RequestSeam } from '../node-http/request-seam.ts';
import { wasRedirected } from '../node-http/was-redirected.ts';

/** What of a seam is the same for all hops of a redirected request. */
export interface SharedSeam extends Required<Pick<RequestSeam, 'engine' | 'options' | 'onResponse'>> {
  /** What the engine already said of a request. */
  readonly planFor: (outgoing: OutgoingRequest) => MaybePromise<Plan> | undefined;
}

type HopSeam = Omit<RequestSeam, 'open'>;

/** Carries the seam through follow-redirects, which hands the options of a request on to each of its hops. */
const seamKey: unique symbol = Symbol('http-larder.seam');

/** Options of `http.request`, as axios makes them. */
export interface HopOptions extends NativeOptions {
  [seamKey]?: SharedSeam;
}

/** A transport of the user's own, `config.transport`. */
export interface Transport {
  request(options: NativeOptions, onResponse: (response: IncomingMessage) => void): Opened;
}

/** `http.request` and `https.request` with the cache before them, for one hop. */
const cachingScheme = {
  request(options: HopOptions, onResponse: OnResponse): CachingRequest {
    const seam = options[seamKey];
    if (seam === undefined) throw new TypeError('A hop lost the cache that it belongs to.');
    const outgoing = outgoingRequest(options);
    const request: CachingRequest = new CachingRequest(
      {
        engine: seam.engine,
        options: seam.options,
        outgoing,
        plan: () => seam.planFor(outgoing),
        open: () => openNative(options),
        onResponse: (info) => {
          showRedirectable(request);
          seam.onResponse(info);
        },
        holdRedirects: true,
        idleSocket: true,
      },
      onResponse,
    );
    return request;
  },
};

/**
 * follow-redirects leaves itself on the request that it made, where callers read the last URL. A response that passes as
 * it is shows them the request to the origin instead.
 */
function showRedirectable(request: CachingRequest): void {
  const shown: unknown = request.res === null ? undefined : Reflect.get(request.res, 'req');
  if (shown === request || typeof shown !== 'object' || shown === null) return;
  Reflect.set(shown, '_redirectable', Reflect.get(request, '_redirectable'));
}

/** The same for requests that follow redirects, each hop being cached by its own rules. */
const following = followRedirects.wrap({ http: cachingScheme, https: cachingScheme });

/** Sends a request that follows redirects. */
export function requestFollowing(options: HopOptions, seam: SharedSeam, onResponse: OnResponse): object {
  options[seamKey] = seam;
  const scheme = isHttps(options) ? following.https : following.http;
  const request = scheme.request(options, onResponse);
  const destroy = request.destroy.bind(request);
  request.destroy = (error) => (isHiddenError(error) ? request : destroy(error));
  return request;
}

/** Sends a request that does not follow redirects. */
export function requestOnce(
  options: NativeOptions,
  seam: SharedSeam & Required<Pick<RequestSeam, 'timeoutIsTotal'>>,
  onResponse: OnResponse,
): CachingRequest {
  return new CachingRequest(
    {
      ...hopSeam(seam, outgoingRequest(options)),
      open: () => openNative(options),
      idleSocket: true,
      timeoutIsTotal: seam.timeoutIsTotal,
    },
    onResponse,
  );
}

/** Sends a request through the user's own transport. */
export function requestThrough(
  transport: Transport,
  options: NativeOptions,
  seam: SharedSeam,
  onResponse: OnResponse,
): CachingRequest {
  const outgoing = outgoingRequest(options);
  return new CachingRequest(
    {
      ...hopSeam(seam, outgoing),
      open: (respond) => transport.request(freshOptions(options), respond),
      isRedirected: (response) => wasRedirected(response, outgoing.url),
      idleSocket: true,
    },
    onResponse,
  );
}

function hopSeam({ engine, options, onResponse, planFor }: SharedSeam, outgoing: OutgoingRequest): HopSeam {
  return { engine, options, outgoing, plan: () => planFor(outgoing), onResponse };
}

// Looked up at each call: tests and tracers replace these functions.
function openNative(options: NativeOptions): Opened {
  return isHttps(options) ? https.request(options) : http.request(options);
}

function isHttps(options: NativeOptions): boolean {
  return options.protocol === 'https:';
}
