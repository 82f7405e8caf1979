import { describesTarget } from '../core/describes-target.ts';
import type { ResponseHead } from '../core/message.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { admit } from './admission.ts';
import type { Asking } from './asking.ts';
import type { CacheInfo } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import type { Exchange, ReceivedOptions, Reception, StoredDelivery } from './exchange.ts';
import type { Flight } from './flights.ts';
import { invalidateAfter } from './passing-exchange.ts';
import { andThen } from './maybe-promise.ts';
import { release } from './release.ts';
import { withStatusFields } from './status-fields.ts';
import { storeBody } from './storing.ts';
import { unbreakable } from './unbreakable.ts';
import type { Found } from './variants.ts';

/**
 * The exchange of a POST: its answer invalidates what is stored, and may then take its place for later GETs (RFC 9110
 * §9.3.3).
 */
export class PostExchange implements Exchange {
  readonly #context: EngineContext;
  readonly #asking: Asking;
  readonly #info: CacheInfo;
  #flight: Flight;

  constructor(context: EngineContext, asking: Asking, info: CacheInfo) {
    this.#context = context;
    this.#asking = asking;
    this.#info = info;
    this.#flight = context.flights.begin(asking.primary, context.now());
  }

  heldBack(until: Promise<void>): void {
    void until.then(() => this.#context.flights.sent(this.#flight, this.#context.now()));
  }

  received(head: ResponseHead, options: ReceivedOptions = {}): MaybePromise<Reception> {
    return unbreakable(
      () => this.#receive(head, options),
      (error) => {
        this.#context.fault('received', error);
        return this.#pass(head);
      },
    );
  }

  #receive(head: ResponseHead, options: ReceivedOptions): MaybePromise<Reception> {
    const { request, primary, selection } = this.#asking;
    const { variants } = this.#context;
    if (this.#flight.invalidated || !describesTarget(request, head)) {
      return andThen(invalidateAfter(this.#context, request, head), () => this.#pass(head));
    }
    return andThen(variants.find(primary, selection), (before) => {
      // Another process may have invalidated since: its word goes with what this one invalidates.
      const isOutdated = this.#flight.invalidated || invalidatedAt(before) > this.#flight.sentAt;
      if (before.kind === 'stored') release(before.stored);
      const invalidated = invalidateAfter(this.#context, request, head);
      if (isOutdated || before.kind === 'fault') return andThen(invalidated, () => this.#pass(head));
      return this.#replace(invalidated, head, options);
    });
  }

  #replace(
    invalidated: Promise<unknown> | undefined,
    head: ResponseHead,
    options: ReceivedOptions,
  ): MaybePromise<Reception> {
    const { primary, selection } = this.#asking;
    const { flights, variants } = this.#context;
    // What it invalidates is older than itself.
    const { sentAt } = this.#flight;
    flights.end(this.#flight);
    this.#flight = flights.begin(primary, sentAt);
    return andThen(invalidated, () =>
      andThen(variants.find(primary, selection), (found) => this.#admit(found, head, options)),
    );
  }

  #admit(found: Found, head: ResponseHead, options: ReceivedOptions): MaybePromise<Reception> {
    if (found.kind === 'stored') {
      // Asked for after this was answered.
      release(found.stored);
      return this.#pass(head);
    }
    const forwarding = {
      ...this.#asking,
      slot: this.#asking.primary,
      reason: 'uri-miss',
      found,
      selected: undefined,
      offered: [],
      conditional: false,
      unconditionalFields: [],
      isBehind: false,
      sharingKey: undefined,
      shared: undefined,
      lease: undefined,
    } as const;
    const flight = this.#flight;
    const admission = admit(this.#context, {
      forwarding,
      answer: head,
      receivedAt: this.#context.now(),
      flight,
      received: options,
    });
    return andThen(admission, (admitted): Reception => {
      if (admitted.kind !== 'admitted') return this.#pass(head);
      const { incoming, answer } = admitted;
      const info: CacheInfo = {
        ...this.#info,
        key: incoming.placement.key,
        stored: true,
        forwardStatus: head.status,
        metadata: incoming.head.metadata,
      };
      this.#context.answered(this.#asking.request, info);
      const sink = storeBody(this.#context, incoming, undefined);
      return { kind: 'pass', head: withStatusFields(this.#context, answer, info), sink, info };
    });
  }

  #pass(head: ResponseHead): Reception {
    this.#end();
    const info: CacheInfo = { ...this.#info, forwardStatus: head.status };
    this.#context.answered(this.#asking.request, info);
    return { kind: 'pass', head: withStatusFields(this.#context, head, info), sink: undefined, info };
  }

  failed(): StoredDelivery | undefined {
    this.#end();
    return undefined;
  }

  leave(): boolean {
    return false;
  }

  abandoned(): void {
    this.#end();
  }

  #end(): void {
    this.#context.flights.end(this.#flight);
  }
}

function invalidatedAt(found: Found): number {
  if (found.kind === 'stored') return found.index?.invalidatedAt ?? found.stored.policy.invalidatedAt ?? 0;
  return found.kind === 'other' ? (found.index?.invalidatedAt ?? 0) : 0;
}
