import { assertNever } from '../core/assert-never.ts';
import { headKey, suffixName } from '../core/cache-key.ts';
import type { FieldLines } from '../core/message.ts';
import { evaluatePreconditions, notModifiedHead } from '../core/preconditions.ts';
import { wantsOnlyIfCached } from '../core/request-directives.ts';
import type { ForwardReason, ReuseDecision } from '../core/reuse-decision.ts';
import { mayBeCollapsed } from '../core/sharing.ts';
import { conditionalFields, hasConditional } from '../core/validation.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { decideFor, type Asking } from './asking.ts';
import type { CacheInfo } from './cache-info.ts';
import { CachingExchange } from './caching-exchange.ts';
import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Plan } from './exchange.ts';
import { Follower } from './follower.ts';
import { forwardFields } from './forward-fields.ts';
import type { Forwarding } from './forwarding.ts';
import { GatewayTimeout } from './gateway-timeout.ts';
import { andThen } from './maybe-promise.ts';
import type { SharedForward } from './shared-forward.ts';
import { statusFields } from './status-fields.ts';
import { Delivery } from './stored-delivery.ts';
import type { StoredMessage } from './store.ts';
import { unreadable } from './unreadable.ts';
import { unused, type Found } from './variants.ts';
import { release } from './release.ts';

type UseStored = Extract<ReuseDecision, { kind: 'use-stored' }>;

type FoundResponse = Extract<Found, { kind: 'stored' }>;

type ForwardingParts = Pick<Forwarding, 'slot' | 'found' | 'reason' | 'sharingKey' | 'shared' | 'isBehind'>;

/** One look-up: from a request to what is to be done with it. */
export class LookUp {
  readonly #context: EngineContext;
  readonly #asking: Asking;
  /** Whether it may wait for another request: it does so once. */
  #mayWait = true;
  /** Whether the request that it waited for turned out to select another response. */
  #isOther = false;

  constructor(context: EngineContext, asking: Asking) {
    this.#context = context;
    this.#asking = asking;
  }

  /** Looks up, once what is being written for the target URI is there to be seen; for a bounded time. */
  begin(): MaybePromise<Plan> {
    const { flights, options } = this.#context;
    const writing = flights.settled(this.#asking.primary);
    if (writing === undefined) return this.#plan();
    return withDeadline(writing, { ms: options.managerTimeout, expired: () => undefined }).then(() =>
      this.#plan(),
    );
  }

  /** A HEAD is answered from a stored response to GET where there is one that may be reused (RFC 9110 §9.3.2). */
  #plan(): MaybePromise<Plan> {
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

  #decide({ policy }: StoredMessage): ReuseDecision {
    return decideFor(this.#context, this.#asking, policy);
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
      collapsed: false,
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
      refresh: decision.reason === 'stale-while-revalidate' ? () => this.#refresh(slot, key) : undefined,
    });
    return { kind: 'stored', delivery };
  }

  /** Validates behind its back what was handed out stale (RFC 5861 §3), unless that is under way or no longer needed. */
  #refresh(slot: string, key: string): MaybePromise<Plan | undefined> {
    const { collapsing, flights } = this.#context;
    const mark = `refresh\n${key}`;
    if (collapsing.find(mark) !== undefined) return undefined;
    const shared = collapsing.lead(mark, () => this.#context.now());
    flights.inBackground(shared.over);
    return andThen(this.#find(slot), (found) => {
      if (found.kind === 'stored') {
        const decision = this.#decide(found.stored);
        if (decision.kind === 'use-stored' && decision.reason === 'stale-while-revalidate')
          return this.#forward({
            slot,
            found,
            reason: 'stale',
            sharingKey: undefined,
            shared,
            isBehind: true,
          });
        release(found.stored);
      }
      shared.end();
      return undefined;
    });
  }

  #ask(slot: string, found: Found, reason: ForwardReason): Plan {
    const { request, mode, primary } = this.#asking;
    if (mode === 'only-if-cached' || wantsOnlyIfCached(request.headers)) {
      if (found.kind === 'stored') release(found.stored);
      const delivery = new GatewayTimeout(this.#context, request, { key: primary, mode, reason });
      return { kind: 'stored', delivery };
    }
    const sharingKey = this.#sharingKey(slot, found);
    const joined =
      sharingKey === undefined ? undefined : this.#joinOrLead(sharingKey, { slot, found, reason });
    if (joined !== undefined && 'kind' in joined) return joined;
    return this.#forward({ slot, found, reason, sharingKey, shared: joined, isBehind: false });
  }

  #forward({ slot, found, reason, sharingKey, shared, isBehind }: ForwardingParts): Plan {
    const { request, mode, primary, modeGiven, selection } = this.#asking;
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
      sharingKey,
      shared,
      isBehind,
    });
    return { kind: 'forward', setFields: [...unconditionalFields, ...condition], exchange };
  }

  /** What requests have to have in common to wait for one response; `undefined` for one that neither waits nor is waited for. */
  #sharingKey(slot: string, found: Found): string | undefined {
    const { request, mode, selection } = this.#asking;
    const { collapsing } = this.#context;
    if (!collapsing.isOn || found.kind === 'fault' || !mayBeCollapsed(request, mode)) return undefined;
    const names = [...collapsing.memory.names(slot), ...indexedNames(found)];
    return `${slot}\n${selection.sharingText(names.length < 2 ? names : [...new Set(names)].toSorted())}`;
  }

  /** The response to another request, to be waited for or shared; or, where there is none, what others may wait for this one by. */
  #joinOrLead(
    key: string,
    { slot, found, reason }: Pick<Forwarding, 'slot' | 'found' | 'reason'>,
  ): Plan | SharedForward | undefined {
    const { request } = this.#asking;
    const { collapsing } = this.#context;
    const now = (): number => this.#context.now();
    if (!this.#mayWait || !collapsing.memory.isShareable(key, now())) return undefined;
    const forward = collapsing.find(key);
    if (forward === undefined) return collapsing.lead(key, now);
    this.#mayWait = false;
    const { events } = this.#context;
    if (events.observed('wait')) {
      events.emit({ type: 'wait', method: request.method, url: request.url, key: this.#asking.primary });
    }
    if (found.kind === 'stored') release(found.stored);
    const waiting = new Follower(this.#context, forward, {
      asking: this.#asking,
      slot,
      reason,
      alone: ({ isOther }) => {
        // Once more, for one that is like it.
        this.#mayWait = isOther && !this.#isOther;
        this.#isOther = isOther;
        return this.begin();
      },
    });
    return { kind: 'wait', waiting };
  }
}

/** The request fields that the stored responses of a target URI vary by. */
function indexedNames(found: Found): readonly string[] {
  const index = found.kind === 'stored' || found.kind === 'other' ? found.index : undefined;
  return index?.sets.flatMap(({ names }) => names).filter((name) => name !== suffixName) ?? [];
}

function reasonFor({ index, unused: refused }: Extract<Found, { kind: 'other' }>): ForwardReason {
  if (refused !== undefined) return 'miss';
  return index !== undefined && index.sets.length === 0 ? 'uri-miss' : 'vary-miss';
}
