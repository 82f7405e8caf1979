import type { ResponseHead } from '../core/message.ts';
import type { Failure } from '../core/stale-on-failure.ts';
import { decideValidation } from '../core/validation.ts';
import { outdates } from '../core/outdates.ts';
import { assertNever } from '../core/assert-never.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { admit, type Admission } from './admission.ts';
import type { CacheInfo } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import type { BodySink, Exchange, Plan, ReceivedOptions, Reception, StoredDelivery } from './exchange.ts';
import type { Flight } from './flights.ts';
import { forget } from './forget.ts';
import type { Forwarding } from './forwarding.ts';
import { freshen, type Confirmation } from './freshen.ts';
import { applyHeadAnswer } from './head-answer.ts';
import { andThen } from './maybe-promise.ts';
import { invalidateAfter } from './passing-exchange.ts';
import { withStatusFields } from './status-fields.ts';
import { deliverStored, type StoredAnswer } from './deliver-stored.ts';
import { storeBody } from './storing.ts';
import { endLeaseAfter, endRefused, openLease } from './end-lease.ts';
import { unbreakable } from './unbreakable.ts';
import { unreadable } from './unreadable.ts';
import { replacedResponse, type FoundResponse } from './variants.ts';
import { confirmedVariant, copyVariant } from './offered-variants.ts';
import { missInfo } from './miss-info.ts';
import { learnSharing } from './learn-sharing.ts';
import { release } from './release.ts';
import { standIn } from './stand-in.ts';

/** The exchange of a request whose response may be stored, or may confirm what is stored. */
export class CachingExchange implements Exchange {
  readonly #context: EngineContext;
  readonly #forwarding: Forwarding;
  readonly #flight: Flight;
  #selected: FoundResponse | undefined;
  #conditional: boolean;

  constructor(context: EngineContext, forwarding: Forwarding) {
    this.#context = context;
    this.#forwarding = forwarding;
    this.#selected = forwarding.selected;
    this.#conditional = forwarding.conditional;
    this.#flight = context.flights.begin(forwarding.primary, context.now());
    if (forwarding.shared !== undefined) forwarding.shared.flight = this.#flight;
    endLeaseAfter(context, forwarding, this.#flight);
  }

  heldBack(until: Promise<void>): void {
    this.#forwarding.shared?.holdBack(until);
    void until.then(() => this.#context.flights.sent(this.#flight, this.#context.now()));
  }

  received(head: ResponseHead, options: ReceivedOptions = {}): MaybePromise<Reception> {
    return unbreakable(
      () => this.#receive(head, options),
      (error) => {
        this.#context.fault('received', error);
        this.#release();
        this.#forwarding.shared?.end();
        // A 304 that answers our condition means nothing to a caller who set none.
        if (this.#conditional && head.status === 304) return this.#retry();
        return this.#passed({ kind: 'refused', answer: head, reason: 'fault' }, head.status);
      },
    );
  }

  #receive(head: ResponseHead, options: ReceivedOptions): MaybePromise<Reception> {
    const { request, selection } = this.#forwarding;
    if (head.status === 304 || request.method === 'HEAD') selection.compareSent(options.sent?.());
    return andThen(invalidateAfter(this.#context, request, head), () => {
      if (options.redirected === true) {
        // The client's own transport asked for another target URI: the answer tells nothing of what is stored.
        this.#release();
        return head.status === 304 && this.#conditional ? this.#retry() : this.#pass(head, options);
      }
      const isAboutOffer = head.status === 304 && this.#conditional && this.#selected === undefined;
      if (isAboutOffer) return this.#answerFromOffered(head, options);
      const selected = this.#selected;
      return (selected && this.#answerFromStore(selected, head, options)) ?? this.#pass(head, options);
    });
  }

  failed(): StoredDelivery | undefined {
    openLease(this.#context, this.#forwarding, 'failed');
    const delivery = this.#standIn({ kind: 'unreachable' }, undefined);
    this.#end();
    return delivery;
  }

  leave(cancel: () => void): boolean {
    return this.#forwarding.shared?.leaveOrEnd(cancel) ?? false;
  }

  abandoned(): void {
    this.#forwarding.shared?.handOn();
    this.#end();
  }

  /** What the answer makes of the stored response; `undefined` when the answer itself is to be handed out. */
  #answerFromStore(
    selected: FoundResponse,
    head: ResponseHead,
    options: ReceivedOptions,
  ): Reception | undefined {
    const { stored } = selected;
    const decision = decideValidation({
      stored: stored.policy,
      storedHead: stored.head,
      answer: head,
      conditional: this.#conditional,
      request: this.#forwarding.request.headers,
    });
    switch (decision.kind) {
      case 'freshen':
        return { kind: 'stored', delivery: this.#confirmed(selected, head, options) };
      case 'freshen-and-pass':
        freshen(this.#context, this.#confirmation(selected, head));
        return undefined;
      case 'retry':
        this.#release();
        return this.#retry();
      case 'pass': {
        const delivery = this.#standIn({ kind: 'error-status', status: head.status }, head.status);
        if (delivery === undefined) return undefined;
        openLease(this.#context, this.#forwarding, 'failed');
        this.#end();
        return { kind: 'stored', delivery };
      }
      default:
        return assertNever(decision);
    }
  }

  #retry(): Reception {
    this.#conditional = false;
    return { kind: 'retry', setFields: this.#forwarding.unconditionalFields };
  }

  /** Answers with the one that was confirmed of the variants that were offered; asks again where none was. */
  #answerFromOffered(answer: ResponseHead, options: ReceivedOptions): MaybePromise<Reception> {
    return andThen(confirmedVariant(this.#context, this.#forwarding, answer), (confirmed) => {
      if (confirmed === undefined) return this.#retry();
      this.#selected = confirmed;
      return { kind: 'stored', delivery: this.#confirmed(confirmed, answer, options) };
    });
  }

  #confirmed(selected: FoundResponse, answer: ResponseHead, options: ReceivedOptions): StoredDelivery {
    const freshened = freshen(this.#context, this.#confirmation(selected, answer));
    this.#selected = undefined;
    // What shares it looks it up again: it is fresh now, and its body is in the store.
    learnSharing(this.#context, this.#forwarding, freshened);
    if (this.#forwarding.selected === undefined) {
      const parts = { confirmed: selected, freshened, flight: this.#flight, sent: options.sent?.() };
      copyVariant(this.#context, { ...parts, forwarding: this.#forwarding });
    }
    this.#end();
    return this.#deliver(selected, {
      head: freshened.head,
      policy: freshened.policy,
      isNotModified: false,
      outcome: 'revalidated',
      reason: 'validated',
      forwardStatus: answer.status,
      isKept: freshened.kept,
    });
  }

  #confirmation({ stored, key, index }: FoundResponse, answer: ResponseHead): Confirmation {
    const { request, mode, selection, rules } = this.#forwarding;
    const asked = { request, mode, selection, rules };
    const { sentAt } = this.#flight;
    const receivedAt = this.#context.now();
    const indexStaleSince = index?.staleSince;
    return { ...asked, stored, key, indexStaleSince, answer, sentAt, receivedAt, flight: this.#flight };
  }

  #standIn(failure: Failure, forwardStatus: number | undefined): StoredDelivery | undefined {
    const selected = this.#selected;
    if (selected === undefined) return undefined;
    const parts = { selected, flight: this.#flight, failure };
    const answer = standIn(this.#context, this.#forwarding, parts);
    if (answer === undefined) return undefined;
    this.#selected = undefined;
    return this.#deliver(selected, { ...answer, forwardStatus });
  }

  #deliver(
    selected: FoundResponse,
    answer: Omit<StoredAnswer, 'stored' | 'key' | 'conditional' | 'otherwise'>,
  ): StoredDelivery {
    const { stored, key } = selected;
    const delivery = deliverStored(this.#context, this.#forwarding, {
      ...answer,
      stored,
      key,
      conditional: this.#conditional,
      otherwise: answer.outcome === 'revalidated' ? (error) => this.#askAnew(selected, error) : undefined,
    });
    this.#tell(delivery.info);
    return delivery;
  }

  /** The body that the origin confirmed cannot be read: only the origin has it now. */
  #askAnew(selected: FoundResponse, error: Error): Plan {
    const forwarding: Forwarding = {
      ...this.#forwarding,
      found: unreadable(this.#context, { primary: this.#flight.primary, found: selected, error }),
      selected: undefined,
      offered: [],
      reason: 'fault',
      conditional: false,
      shared: undefined,
      lease: undefined,
    };
    const setFields = forwarding.unconditionalFields;
    return { kind: 'forward', setFields, exchange: new CachingExchange(this.#context, forwarding) };
  }

  #pass(answer: ResponseHead, options: ReceivedOptions): MaybePromise<Reception> {
    const replaced = replacedResponse(this.#forwarding.found);
    const isAboutIt = options.redirected !== true;
    const freshened = this.#freshenedByHead(answer);
    this.#release();
    if (freshened !== undefined) return this.#passed(freshened, answer.status);
    return andThen(
      admit(this.#context, {
        forwarding: this.#forwarding,
        answer,
        receivedAt: this.#context.now(),
        flight: this.#flight,
        received: options,
      }),
      (admission) => {
        if (admission.kind === 'refused' && replaced !== undefined && isAboutIt && outdates(answer)) {
          this.#context.flights.settle(
            this.#flight.primary,
            this.#context.writes.run(this.#flight.primary, () => forget(this.#context, replaced)),
          );
        }
        return this.#passed(admission, answer.status);
      },
    );
  }

  /** What an answer to HEAD does to what is stored for GET (RFC 9111 §4.3.5). */
  #freshenedByHead(answer: ResponseHead): Admission | undefined {
    const selected = this.#selected;
    if (this.#forwarding.request.method !== 'HEAD' || selected === undefined) return undefined;
    if (selected.stored.policy.method === 'HEAD') return undefined;
    const freshened = applyHeadAnswer(this.#context, this.#confirmation(selected, answer));
    if (freshened === undefined) return undefined;
    const { policy, head, kept: isKept } = freshened;
    return { kind: 'freshened', answer, key: selected.key, policy, metadata: head.metadata, isKept };
  }

  #passed(admission: Admission, forwardStatus: number): Reception {
    const info = missInfo(this.#forwarding, admission, {
      revalidated: this.#conditional,
      forwardStatus,
    });
    this.#tell(info);
    const head = withStatusFields(this.#context, admission.answer, info);
    return { kind: 'pass', head, sink: this.#store(admission), info };
  }

  /** Begins to store the body, and lets others have it who wait for it. */
  #store(admission: Admission): BodySink | undefined {
    const { shared, isBehind } = this.#forwarding;
    if (admission.kind !== 'admitted') {
      if (admission.kind === 'refused') endRefused(this.#context, this.#forwarding, admission);
      this.#end();
      return undefined;
    }
    const { incoming } = admission;
    const isShareable = learnSharing(this.#context, this.#forwarding, incoming);
    if (!isShareable && !isBehind) openLease(this.#context, this.#forwarding, 'unshared');
    const body = storeBody(this.#context, incoming, isShareable || isBehind ? shared : undefined);
    if (isShareable && this.#context.store.canReadWhileWriting) shared?.answered(body);
    else if (!isBehind) shared?.end();
    return body;
  }

  #tell(info: CacheInfo): void {
    if (!this.#forwarding.isBehind) this.#context.answered(this.#forwarding.request, info);
  }

  #release(): void {
    const selected = this.#selected;
    this.#selected = undefined;
    release(selected?.stored);
  }

  #end(): void {
    this.#release();
    this.#forwarding.shared?.end();
    this.#context.flights.end(this.#flight);
  }
}
