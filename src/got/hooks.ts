import type { BeforeRequestHook, InitHook } from 'got';
import type { RequestOptions as NativeOptions } from 'node:https';
import type { Engine } from '../engine/exchange.ts';
import { andThen, isPromise } from '../engine/maybe-promise.ts';
import { validateRequestOptions } from '../engine/request-options.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { CachingRequest } from '../node-http/caching-request.ts';
import { freshOptions } from '../node-http/fresh-options.ts';
import { outgoingRequest } from '../node-http/outgoing-request.ts';
import type { Opened } from '../node-http/request-seam.ts';
import { watchForReset } from '../node-http/stream-reset.ts';
import { wasRedirected } from '../node-http/was-redirected.ts';

/** The options of one request, as got gives them to hooks. */
type Options = Parameters<BeforeRequestHook>[0];

/** A request function as got calls it; `undefined` from it means got's own. */
type RequestFunction = (url: URL, options: NativeOptions) => MaybePromise<Opened | undefined>;

/** Marks our request functions, also those of other copies of this package. */
const ownKey: unique symbol = Symbol.for('http-larder.got');

interface OwnFunction extends RequestFunction {
  readonly [ownKey]: {
    readonly engine: Engine;
    /** The user's own request function, if any. */
    readonly original: RequestFunction | undefined;
  };
}

/** Lets `httpCache` be given like an option of got's: it is moved to where got allows what it does not know. */
export const moveIntoContext: InitHook = (plain) => {
  if (!('httpCache' in plain)) return;
  const { httpCache } = plain;
  delete plain.httpCache;
  plain.context = { ...plain.context, httpCache: validateRequestOptions(httpCache) };
};

/**
 * Makes the hook that puts the cache before the request function. That is called after all other hooks, for each
 * redirect and each retry, and with the fields that are then sent.
 */
export function beforeRequestHook(engine: Engine): BeforeRequestHook {
  return (options) => {
    if (options.cache) {
      throw new TypeError("got's own option cache hides this cache: leave it out, or this one");
    }
    const requestOptions = validateRequestOptions(options.context['httpCache']);
    const original = originalFunction(options, engine);

    const caching = (url: URL, given: NativeOptions): CachingRequest => {
      const asWithoutCache = <T>(read: () => T): T => withRequestFunction(options, original, read);
      // For HTTP/2, got makes other native options once it sees a request function.
      const native = options.http2 ? asWithoutCache(() => nativeOptions(options)) : given;
      const outgoing = outgoingRequest(native, url);
      return new CachingRequest({
        engine,
        outgoing,
        options: requestOptions,
        open: () => {
          const inner = asWithoutCache(() => options.getRequestFunction() as RequestFunction);
          const fresh = freshOptions(native);
          const opened = withFallback(inner(url, fresh), () => fallback(options)(url, fresh));
          return options.http2 ? andThen(opened, watchForReset) : opened;
        },
        isRedirected: (response) => wasRedirected(response, outgoing.url),
        statusField: showsStatusField(options),
        // got's timeout for sending runs from the connection to this.
        onSentLate: (request) => void request.emit('upload-complete'),
        onResponse: ({ outcome }) => {
          // Asking again would give the same answer: it was this cache that made it.
          if (outcome === 'unsatisfiable') options.retry.limit = 0;
        },
      });
    };
    setRequestFunction(options, Object.assign(caching, { [ownKey]: { engine, original } }));
  };
}

/** The request function that was there before any cache: a redirect or a retry starts from the options with ours in it. */
function originalFunction(options: Options, engine: Engine): RequestFunction | undefined {
  const present = options.request as RequestFunction | undefined;
  if (!isOwn(present)) return present;
  if (present[ownKey].engine === engine) return present[ownKey].original;
  throw new TypeError('This got instance has two caches: extend it with one of them only');
}

function isOwn(value: RequestFunction | undefined): value is OwnFunction {
  return value !== undefined && ownKey in value;
}

/** Reads what got would do if the cache were not there: to be asked once no hook can change it any more. */
function withRequestFunction<T>(options: Options, request: RequestFunction | undefined, read: () => T): T {
  const present = options.request;
  setRequestFunction(options, request);
  try {
    return read();
  } finally {
    setRequestFunction(options, present);
  }
}

/** Up to got 15, messages over HTTP/2 are those of http2-wrapper. That version is known by what its options lack. */
function showsStatusField(options: Options): boolean {
  return !('mergeNextRequestOptions' in options);
}

function nativeOptions(options: Options): NativeOptions {
  return options.createNativeRequestOptions() as NativeOptions;
}

/** A request function of ours is no `ClientRequest` maker to the type checker, though it is to got. */
function setRequestFunction(options: Options, request: object | undefined): void {
  Reflect.set(options, 'request', request);
}

function fallback(options: Options): (url: URL, options: NativeOptions) => MaybePromise<Opened> {
  return options.getFallbackRequestFunction() as (url: URL, options: NativeOptions) => MaybePromise<Opened>;
}

function withFallback(
  opened: MaybePromise<Opened | undefined>,
  open: () => MaybePromise<Opened>,
): MaybePromise<Opened> {
  return isPromise(opened) ? opened.then((late) => late ?? open()) : (opened ?? open());
}
