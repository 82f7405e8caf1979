import { cacheModes, type CacheMode } from '../core/cache-mode.ts';
import type { RequestHead } from '../core/message.ts';
import { wantsOnlyIfCached } from '../core/request-directives.ts';
import { HttpCacheError } from '../errors.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { Asking } from './asking.ts';
import { bodySuffix, isByBody, mayBeLookedUpByBody } from './body-selection.ts';
import { infoWithoutResponse, type BypassReason, type CacheInfo } from './cache-info.ts';
import { show } from './check-option.ts';
import { EngineContext } from './context.ts';
import type { CacheableRequest, Engine, Plan } from './exchange.ts';
import { explainLookUp } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { fieldToStandAsideFor } from './field-to-stand-aside-for.ts';
import { GatewayTimeout } from './gateway-timeout.ts';
import { LookUp } from './look-up.ts';
import { isPromise } from './maybe-promise.ts';
import type { ResolvedOptions } from './options.ts';
import { OriginLimits } from './origin-limits.ts';
import { PassingExchange } from './passing-exchange.ts';
import { PostExchange } from './post-exchange.ts';
import { bypassTexts } from './reason-texts.ts';
import { requestKey } from './request-key.ts';
import { rulesFor } from './rules-for.ts';
import { Selection } from './selection.ts';

/** The option `mode` is a function, and it failed. */
const failedMode: unique symbol = Symbol('failed mode');

/** The one orchestrator: takes a request, looks it up or stands aside, and says what is to be done. */
export class CacheEngine implements Engine {
  readonly context: EngineContext;
  readonly limits: OriginLimits | undefined;

  constructor(options: ResolvedOptions) {
    this.context = new EngineContext(options);
    const { rateLimiter, clock } = options;
    const { events } = this.context;
    this.limits = rateLimiter === undefined ? undefined : new OriginLimits(rateLimiter, { events, clock });
  }

  begin(asked: CacheableRequest): MaybePromise<Plan> {
    const { body } = asked;
    // What may change something is passed on as any request with its method is.
    const request =
      body === undefined || mayBeLookedUpByBody(asked, body) ? asked : { ...asked, body: undefined };
    try {
      this.context.untold.tellAgain();
      const plan = this.#plan(request);
      return isPromise(plan) ? plan.catch((error: unknown) => this.#passAfter(error, request)) : plan;
    } catch (error) {
      return this.#passAfter(error, request);
    }
  }

  #passAfter(error: unknown, request: CacheableRequest): Plan {
    this.context.fault('begin', error);
    return this.#pass(request, 'fault', 'no-store');
  }

  #plan(request: CacheableRequest): MaybePromise<Plan> {
    if (request.method === 'POST' && request.body === undefined && request.options !== false) {
      return this.#planForPost(request, request.options?.mode);
    }
    const treatment = this.#treat(request);
    if (!('aside' in treatment)) return new LookUp(this.context, treatment).begin();
    const { aside, mode } = treatment;
    return treatment.isRefused ? this.#unsatisfiable(request, mode) : this.#pass(request, aside, mode);
  }

  /** Whether a request is looked up, and with what; or why not. */
  #treat(request: CacheableRequest): Asking | Aside {
    if (request.options === false) return asideFor('disabled', 'no-store');
    const given = request.options?.mode;
    const isRead = request.method === 'GET' || request.method === 'HEAD' || request.body !== undefined;
    if (!isRead) return asideFor('method', given ?? 'default');
    const chosen = given ?? this.#modeFor(request);
    if (chosen === failedMode) return asideFor('fault', 'no-store');
    const mode = chosen ?? 'default';
    if (mode === 'no-store') return asideFor('mode', mode);
    const aside = reasonToStandAside(request);
    if (aside !== undefined) {
      const isRefused = mode === 'only-if-cached' || wantsOnlyIfCached(request.headers);
      return { aside, mode, isRefused };
    }
    return this.#asking(request, mode, chosen !== undefined) ?? asideFor('fault', mode);
  }

  /** What would be done with a request now, and why; nothing of it is done, counted or told. */
  async explain(asked: CacheableRequest): Promise<Explanation> {
    const { body } = asked;
    const isRead =
      body !== undefined && this.isByBody(asked, asked.options) && mayBeLookedUpByBody(asked, body);
    const request = isRead ? asked : { ...asked, body: undefined };
    const treatment = this.#treat(request);
    if (!('aside' in treatment)) return explainLookUp(this.context, treatment);
    const { aside: reason, mode, isRefused } = treatment;
    const what = isRefused
      ? 'The request may not go to the origin, and is answered 504'
      : 'The cache stands aside';
    return {
      action: isRefused ? 'refuse' : 'bypass',
      reason: isRefused ? 'request' : reason,
      text: `${what}: ${bypassTexts[reason]}.`,
      mode,
      key: undefined,
      stored: undefined,
      variants: [],
    };
  }

  /** A POST is never answered from the store, but a later GET may be answered by what it got. */
  #planForPost(request: CacheableRequest, given: CacheMode | undefined): Plan {
    const chosen = given ?? this.#modeFor(request);
    const mode = chosen === failedMode ? 'no-store' : (chosen ?? 'default');
    const asking =
      mode === 'no-store' || fieldToStandAsideFor(request) !== undefined
        ? undefined
        : this.#asking(request, mode, chosen !== undefined);
    if (asking === undefined) return this.#pass(request, 'method', mode);
    const exchange = new PostExchange(this.context, asking, bypassInfo('method', mode));
    return { kind: 'forward', setFields: [], exchange };
  }

  /** `undefined` when one of the options `cacheKey` and `rules` failed. */
  #asking(request: CacheableRequest, mode: CacheMode, modeGiven: boolean): Asking | undefined {
    const asked = request.method === 'POST' ? { ...request, method: 'GET' } : request;
    const key = requestKey(this.context, asked);
    const rules = rulesFor(this.context, asked);
    if (key === undefined || rules === undefined) return undefined;
    const { options, digests } = this.context;
    const { body } = request;
    const suffix = typeof key.custom === 'object' ? key.custom.suffix : undefined;
    const selection = new Selection(request, {
      custom: body === undefined ? key.custom : { suffix: bodySuffix(request, body, suffix) },
      isSuffixSecret: body !== undefined || key.fields.length > 0,
      keyFields: key.fields,
      rules: options.credentials,
      digests,
      shared: options.rules.shared,
    });
    return { request, mode, modeGiven, primary: key.primary, selection, rules };
  }

  isByBody(request: RequestHead, options: CacheableRequest['options']): boolean {
    return isByBody(this.context, request, options);
  }

  hasNoPart(options: CacheableRequest['options']): BypassReason | undefined {
    const { mode, invalidates, cacheStatusHeaders, rateLimiter } = this.context.options;
    if (invalidates !== undefined || cacheStatusHeaders || rateLimiter !== undefined) return undefined;
    if (options === false) return 'disabled';
    return (options?.mode ?? mode) === 'no-store' ? 'mode' : undefined;
  }

  bypassed(request: RequestHead, reason: BypassReason, forwardStatus?: number): CacheInfo {
    const mode = reason === 'mode' || reason === 'disabled' ? 'no-store' : 'default';
    const info = bypassInfo(reason, mode, forwardStatus);
    this.context.answered(request, info);
    return info;
  }

  reset(): void {
    this.context.reset();
  }

  /** The mode that the cache's own option gives a request, if any. */
  #modeFor(request: CacheableRequest): CacheMode | undefined | typeof failedMode {
    const { mode } = this.context.options;
    if (typeof mode !== 'function') return mode;
    const answer = this.context.callback('mode', () => {
      const chosen = mode(request);
      if (chosen === undefined || cacheModes.includes(chosen)) return { chosen };
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_CALLBACK',
        `it gave ${show(chosen)}: give one of ${cacheModes.join(', ')}, or undefined`,
      );
    });
    return answer === undefined ? failedMode : answer.chosen;
  }

  #pass(request: CacheableRequest, reason: BypassReason, mode: CacheMode): Plan {
    const exchange = new PassingExchange(this.context, request, bypassInfo(reason, mode));
    return { kind: 'forward', setFields: [], exchange };
  }

  #unsatisfiable(request: CacheableRequest, mode: CacheMode): Plan {
    return {
      kind: 'stored',
      delivery: new GatewayTimeout(this.context, request, { key: undefined, mode, reason: 'request' }),
    };
  }
}

/** Why a request is not looked up. */
interface Aside {
  readonly aside: BypassReason;
  readonly mode: CacheMode;
  /** Whether it must not go to the origin either. */
  readonly isRefused: boolean;
}

function asideFor(aside: BypassReason, mode: CacheMode): Aside {
  return { aside, mode, isRefused: false };
}

/** Why the cache does not look at all; `undefined` when it does. */
function reasonToStandAside(request: CacheableRequest): BypassReason | undefined {
  const isOfNoUse = request.hasBody && request.body === undefined;
  return fieldToStandAsideFor(request) ?? (isOfNoUse ? 'body' : undefined);
}

function bypassInfo(reason: BypassReason, mode: CacheMode, forwardStatus?: number): CacheInfo {
  return infoWithoutResponse({ outcome: 'bypass', reason, key: undefined, mode }, forwardStatus);
}
