import { assertNever } from '../core/assert-never.ts';
import { headKey } from '../core/cache-key.ts';
import type { CacheMode } from '../core/cache-mode.ts';
import type { FieldLines } from '../core/message.ts';
import { evaluatePreconditions, notModifiedHead } from '../core/preconditions.ts';
import { requestDirectives, wantsOnlyIfCached } from '../core/request-directives.ts';
import { decideReuse, type ForwardReason, type ReuseDecision } from '../core/reuse-decision.ts';
import { conditionalFields, hasConditional } from '../core/validation.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { CacheInfo } from './cache-info.ts';
import { CachingExchange } from './caching-exchange.ts';
import type { EngineContext } from './context.ts';
import type { CacheableRequest, Plan } from './exchange.ts';
import { forwardFields } from './forward-fields.ts';
import { GatewayTimeout } from './gateway-timeout.ts';
import { andThen } from './maybe-promise.ts';
import type { Selection } from './selection.ts';
import { statusFields } from './status-fields.ts';
import { Delivery } from './stored-delivery.ts';
import type { StoredMessage } from './store.ts';
import { unreadable } from './unreadable.ts';
import { unused, type Found } from './variants.ts';
import { release } from './release.ts';

/** A request to be looked up. */
export interface Asking {
  readonly request: CacheableRequest;
  readonly mode: CacheMode;
  /** Whether the caller named the mode for this request. */
  readonly modeGiven: boolean;
  /** The primary key of its target URI. */
  readonly primary: string;
  readonly selection: Selection;
}

type UseStored = Extract<ReuseDecision, { kind: 'use-stored' }>;

type FoundResponse = Extract<Found, { kind: 'stored' }>;

/** One look-up: from a request to what is to be done with it. */
export class LookUp {
  readonly #context: EngineContext;
  readonly #asking: Asking;

  constructor(context: EngineContext, asking: Asking) {
    this.#context = context;
    this.#asking = asking;
  }

  /** Looks up. A HEAD is answered from a stored response to GET where there is one that may be reused (RFC 9110 §9.3.2). */
  plan(): MaybePromise<Plan> {
    const { primary, request } = this.#asking;
    return andThen(this.#find(primary), (found) => {
      if (request.method !== 'HEAD') return this.#planFor(primary, found);
      // A manager that just failed is not asked for more.
      if (found.kind === 'fault') return this.#planFor(headKey(primary), found);
      const answer = found.kind === 'stored' ? this.#answer(primary, found) : undefined;
      return answer ?? this.#planForHead();
    });
  }

  #planForHead(): MaybePromise<Plan> {
    const slot = headKey(this.#asking.primary);
    return andThen(this.#find(slot), (found) => this.#planFor(slot, found));
  }

  /** What is stored for the request, and was not invalidated without the store's knowledge. */
  #find(slot: string): MaybePromise<Found> {
    const { primary, selection } = this.#asking;
    const { variants, invalidations, options } = this.#context;
    return andThen(variants.find(slot, selection), (found) => {
      if (found.kind !== 'stored') return found;
      const { requestTime, shared = false } = found.stored.policy;
      const mayAnswer = shared === options.rules.shared && !invalidations.covers(primary, requestTime);
      return mayAnswer ? found : unused(found);
    });
  }

  /** Answers a HEAD from what is stored for GET, if that may be reused. */
  #answer(primary: string, found: FoundResponse): Plan | undefined {
    const decision = this.#decide(found.stored);
    if (decision.kind === 'use-stored') return this.#reuse(primary, found, decision);
    release(found.stored);
    return undefined;
  }

  #planFor(slot: string, found: Found): Plan {
    switch (found.kind) {
      case 'nothing':
        return this.#ask(slot, found, 'uri-miss');
      case 'fault':
        return this.#ask(slot, found, 'fault');
      case 'other':
        return this.#ask(slot, found, reasonFor(found));
      case 'stored': {
        const decision = this.#decide(found.stored);
        switch (decision.kind) {
          case 'use-stored':
            return this.#reuse(slot, found, decision) ?? this.#ask(slot, unused(found), 'request');
          case 'validate':
            return this.#ask(slot, found, decision.reason);
          case 'forward':
            return this.#ask(slot, unused(found), decision.reason);
          default:
            return assertNever(decision);
        }
      }
      default:
        return assertNever(found);
    }
  }

  #decide(stored: StoredMessage): ReuseDecision {
    const { request, mode, modeGiven } = this.#asking;
    if (mode === 'reload') return { kind: 'forward', reason: 'request' };
    // What `responseMode` said of the response is the last to be heard: behind the caller's mode and directives.
    const isOpen = mode === 'default' && !modeGiven && requestDirectives(request.headers) === undefined;
    return decideReuse({
      policy: stored.policy,
      request,
      mode: isOpen ? (stored.policy.mode ?? mode) : mode,
      rules: this.#context.options.rules,
      now: this.#context.now(),
    });
  }

  /** Answers from the store; `undefined` when the caller's own condition is one that only the origin can judge. */
  #reuse(slot: string, found: FoundResponse, decision: UseStored): Plan | undefined {
    const { stored, key } = found;
    const { request, mode } = this.#asking;
    const condition = hasConditional(request.headers)
      ? evaluatePreconditions(request.headers, stored.head, this.#context.now())
      : 'send';
    if (condition === 'forward') {
      release(stored);
      return undefined;
    }
    const head = condition === 'not-modified' ? notModifiedHead(stored.head) : stored.head;
    const info: CacheInfo = {
      outcome: decision.stale && decision.reason !== 'forced' ? 'stale' : 'hit',
      reason: decision.reason,
      key,
      mode,
      ageMs: decision.ageMs,
      freshForMs: decision.freshForMs,
      stored: true,
      notStored: undefined,
      revalidated: false,
      forwardStatus: undefined,
      metadata: stored.head.metadata,
    };
    this.#context.answered(request, info);
    const delivery = new Delivery(this.#context.store, stored, {
      head,
      ageMs: decision.ageMs,
      statusFields: statusFields(this.#context, head, info),
      withBody: condition === 'send' && request.method !== 'HEAD',
      info,
      otherwise:
        stored.body === undefined
          ? (error) =>
              this.#ask(
                slot,
                unreadable(this.#context, { primary: this.#asking.primary, found, error }),
                'fault',
              )
          : undefined,
    });
    return { kind: 'stored', delivery };
  }

  #ask(slot: string, found: Found, reason: ForwardReason): Plan {
    const { request, mode, primary, modeGiven, selection } = this.#asking;
    if (mode === 'only-if-cached' || wantsOnlyIfCached(request.headers)) {
      if (found.kind === 'stored') release(found.stored);
      const delivery = new GatewayTimeout(this.#context, request, { key: primary, mode, reason });
      return { kind: 'stored', delivery };
    }
    const unconditionalFields = forwardFields(request.headers, mode);
    const condition: FieldLines =
      found.kind === 'stored' && !hasConditional(request.headers)
        ? conditionalFields(found.stored.policy)
        : [];
    const conditional = condition.length > 0;
    const { events } = this.#context;
    if (events.observed('forward')) {
      events.emit({ type: 'forward', method: request.method, url: request.url, key: primary, conditional });
    }
    const exchange = new CachingExchange(this.#context, {
      request,
      mode,
      modeGiven,
      primary,
      slot,
      selection,
      reason: mode === 'reload' ? 'request' : reason,
      found,
      conditional,
      unconditionalFields,
    });
    return { kind: 'forward', setFields: [...unconditionalFields, ...condition], exchange };
  }
}

function reasonFor({ index, unused: refused }: Extract<Found, { kind: 'other' }>): ForwardReason {
  if (refused !== undefined) return 'miss';
  return index !== undefined && index.sets.length === 0 ? 'uri-miss' : 'vary-miss';
}
