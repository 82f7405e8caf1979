import { cacheModes, type CacheMode } from '../core/cache-mode.ts';
import type { CustomKey } from '../core/cache-key.ts';
import type { CredentialRules } from '../core/credentials.ts';
import type { HttpResponseHead, JsonValue, RequestHead, ResponseHead } from '../core/message.ts';
import type { CacheRules } from '../core/rules.ts';
import type { CacheManager } from '../managers/manager.ts';
import { systemClock, type Clock } from './clock.ts';
import type { CacheEvent } from './events.ts';
import type { BodyMethod } from './body-methods.ts';
import type { BodySample } from './body-sample.ts';
import { checkManager } from '../managers/check-manager.ts';
import { checkByBody } from './check-by-body.ts';
import { resolveCacheKey, type CacheKeyRules, type KeyRules } from './cache-key-rules.ts';
import { resolveRules, type CacheRule, type ResolvedRule } from './cache-rule.ts';
import { checkBounds, checkLifetimes } from './check-lifetimes.ts';
import { checkRateLimiter } from './check-rate-limiter.ts';
import { checkTargetList } from './check-target-list.ts';
import { resolveCredentials } from './resolve-credentials.ts';
import type { RateLimiter } from './rate-limiter.ts';
import {
  checkBoolean,
  checkBytes,
  checkDuration,
  checkFunction,
  checkKnown,
  checkObject,
  checkOneOf,
  show,
} from './check-option.ts';

/** The options of an `HttpCache`. Times are milliseconds. */
export interface HttpCacheOptions {
  /** Where responses are kept. Default: a `MemoryManager` of its own, 64 MiB. */
  readonly manager?: CacheManager;
  /** How requests are treated, or a function that says so for each; `undefined` from it means `default`. Default: `default`. */
  readonly mode?: CacheMode | ((request: RequestHead) => CacheMode | undefined);
  /** Whether responses are shared between users (RFC 9111 §1). Default: `false`, a private cache. */
  readonly shared?: boolean;
  /**
   * What counts as credentials in a private cache, beyond Authorization, Proxy-Authorization and client certificates.
   */
  readonly credentials?: {
    /** Replaces the list of API-key fields. Default: well-known ones. */
    readonly fields?: readonly string[];
    /** Which cookies count: all, some by name, or none. Default: `'all'`. */
    readonly cookies?: 'all' | readonly string[] | false;
  };
  /**
   * What of a request makes its key: names of query parameters and fields, or a function that gives a replacement for the
   * target URI, or a suffix that tells responses of one URI apart; `undefined` from it is neither.
   */
  readonly cacheKey?: CacheKeyRules | ((request: RequestHead) => CustomKey | undefined);
  /**
   * Which requests with a body are looked up, and their responses stored, by the body: those with these methods, or those
   * that the function says. They must change nothing: their answers do not invalidate what is stored. What may be a
   * GraphQL mutation never is among them, nor is a body of more than 1 MiB. Default: none.
   */
  readonly byBody?: readonly BodyMethod[] | ((request: RequestHead) => boolean);
  /** Says of a response how it is to be stored, where the request itself named no mode; `undefined` leaves it at that. */
  readonly responseMode?: (request: RequestHead, response: ResponseHead) => CacheMode | undefined;
  /**
   * Says of a response whether it goes into the store, by its head and the beginning of its body: asked once the body is
   * there, which nobody waits for. What it throws keeps the response out. Default: every one does that may.
   */
  readonly shouldStore?: (response: ResponseHead, request: RequestHead, sample: BodySample) => boolean;
  /** How many bytes of a body `shouldStore` is given at most. Default: 16 384. */
  readonly sampleSize?: number;
  /**
   * Gives the tags of a response that is to be stored: with `cache.invalidate({ tag })` all that have it are invalidated. At
   * most 32, of 1 to 256 characters. Default: none.
   */
  readonly tags?: (request: RequestHead, response: ResponseHead) => readonly string[] | undefined;
  /** Further URLs to invalidate once a request got an answer that is not an error. */
  readonly invalidates?: (request: RequestHead) => readonly string[] | undefined;
  /** Changes the head of a response before it is stored and handed out: once per stored response, never on a 304. */
  readonly modifyResponse?: (response: HttpResponseHead, request: RequestHead) => HttpResponseHead;
  /** Gives data to keep beside a stored response; it comes back in `cacheInfo(response).metadata`. */
  readonly metadata?: (request: RequestHead, response: ResponseHead) => JsonValue | undefined;
  /** Whether `Cache-Status`, `x-cache` and `x-cache-lookup` are added to responses. Default: `false`. */
  readonly cacheStatusHeaders?: boolean;
  /** Shortest freshness lifetime of a response that gives one. Default: none. */
  readonly minTtl?: number;
  /** Longest freshness lifetime, in every mode that minds freshness and in `ignore-rules`. Default: none. */
  readonly maxTtl?: number;
  /** Freshness lifetime of a response that gives none and allows no heuristic. Default: none. */
  readonly defaultTtl?: number;
  /**
   * Freshness lifetime of an error answer (4xx, 5xx) that gives none: of all, or by status or class, such as `404` or `5xx`.
   * It makes them storable. Default: none.
   */
  readonly errorTtl?: number | Readonly<Record<string, number>>;
  /** Lifetimes for some requests in place of `minTtl`, `maxTtl`, `defaultTtl` and `errorTtl`; the first rule that matches holds. Default: none. */
  readonly rules?: readonly CacheRule[];
  /** The part of the time since Last-Modified that counts as fresh, above 0 to 1, at most 24 h; `false` for none. Default: 0.1. */
  readonly heuristic?: number | false;
  /** Whether a fresh response marked `immutable` answers a reload, a request with `max-age=0`, without a validation (RFC 8246). Default: `true`. */
  readonly immutable?: boolean;
  /**
   * The target list (RFC 9213 §2.2): names of response fields, such as `CDN-Cache-Control`, of which the first that can be
   * read holds in place of `Cache-Control` and `Expires`, whether the cache is shared or not. Default: none.
   */
  readonly targetedCacheControl?: readonly string[];
  /**
   * How long past its freshness a response stands in when the origin cannot be reached, where no `stale-if-error` says how
   * long; 0 for never, `Infinity` for however long. Default: 24 h.
   */
  readonly maxStaleIfDisconnected?: number;
  /** What becomes of `Set-Cookie` in stored responses. Default: `auto`, kept in a private cache, in a shared one only with `public` or `s-maxage`. */
  readonly setCookie?: 'auto' | 'keep' | 'drop';
  /** How long the manager may take for an answer, or for a stored body's first bytes, before the request goes on without it. Default: 1 000. */
  readonly managerTimeout?: number;
  /**
   * How long a request waits for the head of the response to another request for the same, or for what another process
   * stores, before it goes to the origin itself; 0 for never, so that each request goes for itself. Default: 2 000.
   */
  readonly collapseTimeout?: number;
  /**
   * For how many bytes more a response is received that is on its way into the store when its reader leaves early; 0 to
   * let go of it at once. Default: 0.
   */
  readonly finishAbandoned?: number;
  /** Says when requests may go to the origin; hits do not wait for it. Default: none, they go at once. */
  readonly rateLimiter?: RateLimiter;
  /** The clock that ages are reckoned by. Default: the system's. */
  readonly clock?: Clock;
  /** Called with each event of the cache. */
  readonly onEvent?: (event: CacheEvent) => void;
}

/** Options as the engine uses them: checked, with their defaults. */
export interface ResolvedOptions {
  readonly manager: CacheManager;
  readonly mode: HttpCacheOptions['mode'];
  /** The rules that hold where none of the option `rules` does. */
  readonly rules: CacheRules;
  readonly rulesByRequest: readonly ResolvedRule[];
  readonly credentials: CredentialRules;
  readonly cacheKey: KeyRules | ((request: RequestHead) => CustomKey | undefined) | undefined;
  readonly byBody: HttpCacheOptions['byBody'];
  readonly responseMode: HttpCacheOptions['responseMode'];
  readonly shouldStore: HttpCacheOptions['shouldStore'];
  readonly sampleSize: number;
  readonly tags: HttpCacheOptions['tags'];
  readonly invalidates: HttpCacheOptions['invalidates'];
  readonly modifyResponse: HttpCacheOptions['modifyResponse'];
  readonly metadata: HttpCacheOptions['metadata'];
  readonly cacheStatusHeaders: boolean;
  readonly managerTimeout: number;
  readonly collapseTimeout: number;
  readonly finishAbandoned: number;
  readonly rateLimiter: RateLimiter | undefined;
  readonly clock: Clock;
  readonly onEvent: HttpCacheOptions['onEvent'];
}

const day = 24 * 60 * 60 * 1000;
/** What Node's timers can take, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

const known: Record<keyof HttpCacheOptions, true> = {
  manager: true,
  mode: true,
  shared: true,
  credentials: true,
  cacheKey: true,
  byBody: true,
  responseMode: true,
  shouldStore: true,
  sampleSize: true,
  tags: true,
  invalidates: true,
  modifyResponse: true,
  metadata: true,
  cacheStatusHeaders: true,
  minTtl: true,
  maxTtl: true,
  defaultTtl: true,
  errorTtl: true,
  rules: true,
  heuristic: true,
  immutable: true,
  targetedCacheControl: true,
  maxStaleIfDisconnected: true,
  setCookie: true,
  managerTimeout: true,
  collapseTimeout: true,
  finishAbandoned: true,
  rateLimiter: true,
  clock: true,
  onEvent: true,
};

/**
 * Checks the options of an `HttpCache`.
 *
 * @throws TypeError or RangeError naming the option, the value and the remedy.
 */
export function resolveOptions(
  options: HttpCacheOptions,
  defaultManager: () => CacheManager,
): ResolvedOptions {
  checkObject(options, 'HttpCache');
  checkKnown(options, Object.keys(known), 'HttpCache');
  for (const name of [
    'responseMode',
    'shouldStore',
    'tags',
    'invalidates',
    'modifyResponse',
    'metadata',
    'onEvent',
  ] as const) {
    checkFunction(options[name], name);
  }
  const credentials = resolveCredentials(options.credentials);
  const lifetimes = checkLifetimes(options);
  checkBounds(lifetimes);
  const manager = resolveManager(options.manager, defaultManager);
  const rules: CacheRules = {
    ...lifetimes,
    shared: checkBoolean(options.shared, 'shared') ?? false,
    heuristic: checkHeuristic(options.heuristic) ?? 0.1,
    maxStaleIfDisconnected: checkStaleness(options.maxStaleIfDisconnected) ?? day,
    setCookie: checkOneOf(options.setCookie, 'setCookie', ['auto', 'keep', 'drop']) ?? 'auto',
    targetedCacheControl: checkTargetList(options.targetedCacheControl),
    immutable: checkBoolean(options.immutable, 'immutable') ?? true,
    isRecord: manager.isRecord === true,
  };
  return {
    manager,
    mode: typeof options.mode === 'function' ? options.mode : checkOneOf(options.mode, 'mode', cacheModes),
    rules,
    rulesByRequest: resolveRules(options.rules, rules),
    credentials,
    cacheKey: resolveCacheKey(options.cacheKey, credentials),
    byBody: checkByBody(options.byBody),
    responseMode: options.responseMode,
    shouldStore: options.shouldStore,
    sampleSize: checkBytes(options.sampleSize, 'sampleSize') ?? 16_384,
    tags: options.tags,
    invalidates: options.invalidates,
    modifyResponse: options.modifyResponse,
    metadata: options.metadata,
    cacheStatusHeaders: checkBoolean(options.cacheStatusHeaders, 'cacheStatusHeaders') ?? false,
    managerTimeout: checkTimeout(options.managerTimeout) ?? 1000,
    collapseTimeout: checkTimer(options.collapseTimeout, 'collapseTimeout') ?? 2000,
    finishAbandoned: checkBytes(options.finishAbandoned, 'finishAbandoned') ?? 0,
    rateLimiter: checkRateLimiter(options.rateLimiter),
    clock: checkClock(options.clock) ?? systemClock,
    onEvent: options.onEvent,
  };
}

function resolveManager(manager: CacheManager | undefined, defaultManager: () => CacheManager): CacheManager {
  return manager === undefined ? defaultManager() : checkManager(manager, 'manager');
}

function checkHeuristic(value: unknown): number | false | undefined {
  if (value === undefined || value === false) return value;
  if (typeof value !== 'number')
    throw new TypeError(`The option heuristic is ${show(value)}: give a number above 0 to 1, or false`);
  if (value > 0 && value <= 1) return value;
  throw new RangeError(`The option heuristic is ${value}: give a number above 0 to 1, or false`);
}

function checkStaleness(value: unknown): number | undefined {
  return value === Infinity ? value : checkDuration(value, 'maxStaleIfDisconnected');
}

function checkTimeout(value: unknown): number | undefined {
  const timeout = checkDuration(value, 'managerTimeout');
  if (timeout !== undefined && (timeout < 1 || timeout > longestTimer)) {
    throw new RangeError(`The option managerTimeout is ${timeout}: give 1 to ${longestTimer} milliseconds`);
  }
  return timeout;
}

function checkTimer(value: unknown, name: string): number | undefined {
  const ms = checkDuration(value, name);
  if (ms === undefined || ms <= longestTimer) return ms;
  throw new RangeError(`The option ${name} is ${ms}: give 0 to ${longestTimer} milliseconds`);
}

function checkClock(value: Clock | undefined): Clock | undefined {
  if (value === undefined || (typeof value === 'object' && value !== null && typeof value.now === 'function'))
    return value;
  throw new TypeError(`The option clock is ${show(value)}: give an object with a method now()`);
}
