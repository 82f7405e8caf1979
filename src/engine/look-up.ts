import { assertNever } from '../core/assert-never.ts';
import { headKey } from '../core/cache-key.ts';
import { isPreferred } from '../core/preferred-response.ts';
import { evaluatePreconditions, notModifiedHead } from '../core/preconditions.ts';
import { wantsOnlyIfCached } from '../core/request-directives.ts';
import type { ReuseDecision } from '../core/reuse-decision.ts';
import { hasConditional } from '../core/validation.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { decideFor, type Asking } from './asking.ts';
import type { CacheInfo } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Plan } from './exchange.ts';
import { Follower } from './follower.ts';
import { forwardRequest, type ForwardParts } from './forward-request.ts';
import { GatewayTimeout } from './gateway-timeout.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { missReason } from './miss-reason.ts';
import type { SharedForward } from './shared-forward.ts';
import { epochOf, sharingKeyOf } from './sharing-key.ts';
import { statusFields } from './status-fields.ts';
import { Delivery } from './stored-delivery.ts';
import { tellMiss, tellReuse, tellWait } from './tell-look-up.ts';
import { Turn } from './turn.ts';
import { unreadable } from './unreadable.ts';
import { invalidationTime, usable } from './usable.ts';
import { unused, type Found, type FoundResponse } from './variants.ts';
import { refresh } from './refresh.ts';
import { release } from './release.ts';

type UseStored = Extract<ReuseDecision, { kind: 'use-stored' }>;

/** What a request that nothing stored answers is asked for with. */
type AskParts = Pick<ForwardParts, 'slot' | 'found' | 'selected' | 'reason'>;

/** One look-up: from a request to what is to be done with it. */
export class LookUp {
  readonly #context: EngineContext;
  readonly #asking: Asking;
  /** Whether it may wait for another request: it does so once. */
  #mayWait = true;
  /** Whether the request that it waited for turned out to select another response. */
  #isOther = false;
  /** The epoch of what is stored for the target URI, which tells whether it was invalidated. */
  #epoch = '';
  /** Its turn to ask the origin, of the requests in all processes. */
  #turn: Turn | undefined;

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

  #plan(): MaybePromise<Plan> {
    const found = this.#find(this.#asking.primary);
    return isPromise(found) ? found.then((late) => this.#planForFound(late)) : this.#planForFound(found);
  }

  #planForFound(found: Found): MaybePromise<Plan> {
    const { primary, request } = this.#asking;
    this.#epoch = epochOf(found);
    return request.method === 'HEAD' ? this.#planForHead(found) : this.#planFor(primary, found);
  }

  /** A HEAD is answered from a stored response to GET where one may be reused, or else from one to HEAD (RFC 9110 §9.3.2). */
  #planForHead(get: Found): MaybePromise<Plan> {
    const { primary } = this.#asking;
    const slot = headKey(primary);
    // A manager that just failed is not asked for more.
    if (get.kind === 'fault') return this.#planFor(slot, get);
    if (get.kind !== 'stored')
      return andThen(this.#findHead(slot, get), (found) => this.#planFor(slot, found));
    const decision = this.#decide(get);
    if (decision.kind === 'use-stored') {
      const plan = this.#reuse(primary, get, decision);
      return plan ?? andThen(this.#findHead(slot, get), (found) => this.#planFor(slot, found));
    }
    return andThen(this.#findHead(slot, get), (found) => {
      if (found.kind !== 'stored') return this.#ask({ slot, found, selected: get, reason: decision.reason });
      const isLatest = isPreferred(found.stored, get.stored, this.#asking.selection.hasUser);
      if (isLatest && this.#decide(found).kind === 'use-stored') {
        release(get.stored);
        return this.#planFor(slot, found);
      }
      return this.#ask({ slot, found: unused(found), selected: get, reason: decision.reason });
    });
  }

  /** What a HEAD gave, unless it came into the store in the moment in which another process invalidated it. */
  #findHead(slot: string, get: Found): MaybePromise<Found> {
    return andThen(this.#find(slot), (found) =>
      found.kind === 'stored' && found.stored.policy.requestTime <= invalidationTime(get)
        ? unused(found)
        : found,
    );
  }

  /** What is stored for the request, and was not invalidated without the store's knowledge. */
  #find(slot: string): MaybePromise<Found> {
    const context = this.#context;
    const found = context.variants.find(slot, this.#asking.selection);
    return isPromise(found)
      ? found.then((late) => usable(context, this.#asking, late))
      : usable(context, this.#asking, found);
  }

  #planFor(slot: string, found: Found): MaybePromise<Plan> {
    switch (found.kind) {
      case 'nothing':
      case 'fault':
      case 'other':
        return this.#ask({ slot, found, selected: undefined, reason: missReason(found) });
      case 'stored': {
        const decision = this.#decide(found);
        switch (decision.kind) {
          case 'use-stored':
            return (
              this.#reuse(slot, found, decision) ??
              this.#ask({ slot, found: unused(found), selected: undefined, reason: 'request' })
            );
          case 'validate':
            return this.#ask({ slot, found, selected: found, reason: decision.reason });
          case 'forward':
            return this.#ask({ slot, found: unused(found), selected: undefined, reason: decision.reason });
          default:
            return assertNever(decision);
        }
      }
      default:
        return assertNever(found);
    }
  }

  #decide({ policy }: FoundResponse): ReuseDecision {
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
    tellReuse(this.#context, this.#asking, { key, reason: decision.reason });
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
      request,
      now: this.#context.now(),
      head,
      ageMs: decision.ageMs,
      statusFields: statusFields(this.#context, head, info),
      withBody: condition === 'send' && request.method !== 'HEAD',
      info,
      otherwise:
        stored.body === undefined
          ? (error) => {
              const gone = unreadable(this.#context, { primary: this.#asking.primary, found, error });
              return this.#askAtOnce({ slot, found: gone, selected: undefined, reason: 'fault' });
            }
          : undefined,
      mayRepeat:
        request.body === undefined && mode !== 'only-if-cached' && !wantsOnlyIfCached(request.headers),
      refresh:
        decision.reason === 'stale-while-revalidate'
          ? () => refresh(this.#context, this.#asking, { slot, key, find: () => this.#find(slot) })
          : undefined,
    });
    return { kind: 'stored', delivery };
  }

  #ask(parts: AskParts): MaybePromise<Plan> {
    if (this.#turn === undefined) tellMiss(this.#context, this.#asking, parts);
    const refused = this.#refused(parts);
    if (refused !== undefined) return refused;
    const sharingKey = sharingKeyOf(this.#context, this.#asking, parts);
    const turn = this.#turn;
    if (turn === undefined) return this.#askFirst(parts, sharingKey);
    if (turn.isFor(sharingKey, this.#epoch)) {
      if (!turn.isWaiting)
        return this.#forward(parts, { sharingKey, shared: turn.shared, lease: turn.spend() });
      release(parts.selected?.stored);
      return turn.missed;
    }
    // It is another response than was waited for: by what came it is known what selects it, or it was invalidated.
    turn.end();
    this.#turn = undefined;
    this.#mayWait &&= !this.#isOther;
    this.#isOther = true;
    return this.#askFirst(parts, sharingKey);
  }

  /** As `#ask`, but without a look at what other processes do. */
  #askAtOnce(parts: AskParts): Plan {
    tellMiss(this.#context, this.#asking, parts);
    const refused = this.#refused(parts);
    if (refused !== undefined) return refused;
    const sharingKey = sharingKeyOf(this.#context, this.#asking, parts);
    const joined = this.#joinOrLead(sharingKey, parts);
    return joined !== undefined && 'kind' in joined
      ? joined
      : this.#forward(parts, { sharingKey, shared: joined });
  }

  /** Waits for another request for the same, here or in another process, or asks the origin on behalf of all. */
  #askFirst(parts: AskParts, sharingKey: string | undefined): MaybePromise<Plan> {
    const joined = this.#joinOrLead(sharingKey, parts);
    if (joined !== undefined && 'kind' in joined) return joined;
    if (sharingKey === undefined || joined === undefined || !this.#context.leases.isOn) {
      return this.#forward(parts, { sharingKey, shared: joined });
    }
    release(parts.selected?.stored);
    this.#turn = new Turn(this.#context, {
      asking: this.#asking,
      key: sharingKey,
      slot: parts.slot,
      epoch: this.#epoch,
      shared: joined,
      // Again, once there is a lease: its last holder may have stored a response since.
      look: () => this.begin(),
    });
    return this.#turn.begin();
  }

  /** What a request gets that must not be forwarded. */
  #refused({ selected, reason }: AskParts): Plan | undefined {
    const { request, mode, primary: key } = this.#asking;
    if (mode !== 'only-if-cached' && !wantsOnlyIfCached(request.headers)) return undefined;
    release(selected?.stored);
    return { kind: 'stored', delivery: new GatewayTimeout(this.#context, request, { key, mode, reason }) };
  }

  #forward(
    parts: AskParts,
    sharing: Pick<ForwardParts, 'sharingKey' | 'shared'> & Partial<Pick<ForwardParts, 'lease'>>,
  ): Plan {
    return forwardRequest(this.#context, this.#asking, {
      lease: undefined,
      ...parts,
      ...sharing,
      isBehind: false,
    });
  }

  /** The response to another request, to be waited for or shared; or, where there is none, what others may wait for this one by. */
  #joinOrLead(
    key: string | undefined,
    { slot, selected, reason }: AskParts,
  ): Plan | SharedForward | undefined {
    const { collapsing } = this.#context;
    const now = (): number => this.#context.now();
    if (key === undefined || !this.#mayWait || !collapsing.memory.isShareable(key, now())) return undefined;
    const forward = collapsing.find(key);
    if (forward === undefined) return collapsing.lead(key, now);
    this.#mayWait = false;
    tellWait(this.#context, this.#asking);
    release(selected?.stored);
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
