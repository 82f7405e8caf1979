import { missLeaseKey } from '../core/lease-key.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { Asking } from './asking.ts';
import type { EngineContext } from './context.ts';
import type { Plan, Waiting } from './exchange.ts';
import type { HeldLease } from './held-lease.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { passAlong } from './pass-along.ts';
import type { SharedForward } from './shared-forward.ts';
import { tellWait } from './tell-look-up.ts';
import { unbreakable } from './unbreakable.ts';

/** After how many milliseconds it is looked again for the first time. */
const firstPause = 10;
/** How much longer each pause is than the one before. */
const growth = 1.6;
/** The longest pause, in milliseconds; each is made up to half as long again by chance, so that many do not come at once. */
const longestPause = 150;

/** What a turn is made with. */
export interface TurnOptions {
  readonly asking: Asking;
  /** What requests have in common that may share the response: a secret. */
  readonly key: string;
  /** Where responses to its method are kept. */
  readonly slot: string;
  /** The epoch of what is stored for the target URI. */
  readonly epoch: string;
  /** What others in this process wait for this one by. */
  readonly shared: SharedForward;
  /** Looks up again. It asks for `isWaiting` where nothing stored answers, and then gives `missed` or takes the turn by `spend`. */
  readonly look: () => MaybePromise<Plan>;
}

/**
 * One request's turn to ask the origin, of those that want the same in all processes. Where another has it, it looks again
 * from time to time: for a response that it may reuse, or for the turn, for as long as a request waits for another one in
 * this process. Then it asks without.
 */
export class Turn implements Waiting {
  readonly heldBack = undefined;
  readonly shared: SharedForward;
  /** What a look-up gives that found nothing, while it is another's turn. */
  readonly missed: Plan = { kind: 'wait', waiting: this };
  readonly #context: EngineContext;
  readonly #options: TurnOptions;
  #plan: Promise<Plan> | undefined;
  #lease: HeldLease | undefined;
  #isTaken = false;
  #isOver = false;
  #hasLeft = false;
  #wake: () => void = () => undefined;

  constructor(context: EngineContext, options: TurnOptions) {
    this.#context = context;
    this.#options = options;
    this.shared = options.shared;
  }

  /** Whether the request must not be forwarded: it is another's turn, or its caller has left. */
  get isWaiting(): boolean {
    return this.#isTaken || this.#hasLeft;
  }

  /** Whether it still is about the response that the request would share by now. */
  isFor(key: string | undefined, epoch: string): boolean {
    return this.#options.key === key && this.#options.epoch === epoch;
  }

  get plan(): Promise<Plan> {
    this.#plan ??= this.#wait();
    return this.#plan;
  }

  /** What to do: at once where nobody else asks for the same. */
  begin(): MaybePromise<Plan> {
    const plan = andThen(this.#take(), () => (this.#isTaken ? this.missed : this.#look()));
    if (isPromise(plan)) this.shared.decideBy(plan);
    return plan;
  }

  /** The request is forwarded. The lease is for whoever does that to end; `undefined` where it goes without. */
  spend(): HeldLease | undefined {
    this.#isOver = true;
    const lease = this.#lease;
    this.#lease = undefined;
    return lease;
  }

  /** The request is not forwarded: the next in this process, or elsewhere, may have the turn. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.shared.handOn();
    this.#release();
  }

  leave(): void {
    this.#hasLeft = true;
    this.#wake();
    this.end();
  }

  async #wait(): Promise<Plan> {
    const { collapsing } = this.#context;
    tellWait(this.#context, this.#options.asking);
    const until = performance.now() + collapsing.waitMs;
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * growth)) {
      const left = until - performance.now();
      if (left <= 0) break;
      await this.#sleep(Math.min(left, pause * (1 + Math.random() / 2)));
      if (!this.#hasLeft) await this.#take();
      // What its holder stored is there by now if the lease is to be had.
      const plan = this.#hasLeft ? this.missed : await this.#look();
      if (plan !== this.missed) return plan;
      // Nobody asks for the plan of a request that left.
      if (this.#hasLeft) return await new Promise<never>(() => undefined);
    }
    // A long poll, most likely, as for those that wait in one process.
    collapsing.memory.learn(this.#options.key, false, this.#context.now());
    this.#isTaken = false;
    return await this.#look();
  }

  /** Asks for the lease. */
  #take(): MaybePromise<void> {
    return andThen(this.#leaseKey(), (key) =>
      andThen(this.#context.leases.take(key), (taken) => {
        this.#isTaken = taken === 'taken';
        if (typeof taken === 'string') return;
        this.#lease = taken;
        // Its caller left meanwhile.
        if (this.#isOver) this.#release();
      }),
    );
  }

  /** The name of the lease: what requests have in common, and of credentials and fields only a digest under the store's secret. */
  #leaseKey(): MaybePromise<string> {
    const { key, slot, epoch } = this.#options;
    const selecting = key.slice(slot.length + 1);
    if (selecting === '') return missLeaseKey(slot, epoch, undefined);
    const { digests } = this.#context;
    return andThen(digests.ready(), () => missLeaseKey(slot, epoch, digests.digest(selecting)));
  }

  #look(): MaybePromise<Plan> {
    const { asking, look } = this.#options;
    const plan = unbreakable(look, (error) =>
      passAlong(this.#context, asking, { operation: 'lease', error }),
    );
    return isPromise(plan) ? plan.then((late) => this.#looked(late)) : this.#looked(plan);
  }

  #looked(plan: Plan): Plan {
    if (plan !== this.missed) this.end();
    return plan;
  }

  #release(): void {
    const released = this.#lease?.end();
    this.#lease = undefined;
    if (isPromise(released)) this.#context.flights.inBackground(released);
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
