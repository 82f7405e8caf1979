import type { Flight } from './flights.ts';
import type { SharedResponse } from './shared-response.ts';

/** Told what came of a request that was waited for: a response to share, or `undefined` when there is none. */
type Waiter = (response: SharedResponse | undefined) => void;

/** How a shared forward is waited for. */
export interface SharedForwardOptions {
  /** How long others may wait for its head, in milliseconds. */
  readonly waitMs: number;
  /** Nobody can join it any more. */
  readonly ended: () => void;
  /** Others wait for it in vain. */
  readonly inVain: () => void;
}

/**
 * One request to the origin that others wait for instead of asking themselves (RFC 9111 §4). It belongs to the request
 * that was first; when that one leaves it goes on for the others, and it is cancelled when nobody is left.
 */
export class SharedForward {
  /** The request itself; `undefined` until it goes out. */
  flight: Flight | undefined;
  readonly #options: SharedForwardOptions;
  readonly #waiters = new Set<Waiter>();
  #readers = 0;
  #response: SharedResponse | undefined;
  #isLate = false;
  #hasEnded = false;
  #isHandedOn = false;
  #timer: NodeJS.Timeout | undefined;
  #heldBack: Promise<void> | undefined;
  #undecided: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  readonly #onRead: (() => void)[] = [];
  readonly #onOver: (() => void)[] = [];

  /** Fulfils when it has ended. */
  get over(): Promise<void> {
    return this.#hasEnded
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#onOver.push(resolve);
        });
  }

  constructor(options: SharedForwardOptions) {
    this.#options = options;
  }

  /** The response to share, once its head is there. */
  get response(): SharedResponse | undefined {
    return this.#response;
  }

  /** Whether another request may join: it is under way, was not invalidated since, and is not overdue. */
  get isOpen(): boolean {
    if (this.#hasEnded || this.flight?.invalidated === true) return false;
    return this.#response !== undefined || !this.#isLate;
  }

  /** Whether anybody but the first wants it. */
  get isWanted(): boolean {
    return this.#waiters.size > 0 || this.#readers > 0;
  }

  /** Whether others read the body. */
  get isRead(): boolean {
    return this.#readers > 0;
  }

  /** Waits for the head, for a bounded time. The function that comes back ends the wait. */
  wait(waiter: Waiter): () => void {
    this.#waiters.add(waiter);
    this.#startTimer();
    return () => {
      if (this.#waiters.delete(waiter)) this.#left();
    };
  }

  /** Fulfils when the request goes out; `undefined` where it did. */
  get heldBack(): Promise<void> | undefined {
    return this.#heldBack ?? this.#undecided;
  }

  /** It is not known yet whether the request waits before it goes out: those that join meanwhile are told by `heldBack`. */
  decideBy(planned: Promise<unknown>): void {
    const decided = planned
      // Whoever follows the plan opens the request in the same turn, and says then whether it is held back.
      .then(async () => {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        await this.#heldBack;
      })
      .finally(() => {
        if (this.#undecided === decided) this.#undecided = undefined;
      });
    this.#undecided = decided;
  }

  /** The request waits before it goes out: the time that others may wait for its head runs from then on. */
  holdBack(until: Promise<void>): void {
    this.#heldBack = until;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void until.then(() => {
      this.#heldBack = undefined;
      if (this.#waiters.size > 0) this.#startTimer();
    });
  }

  /** Another request reads the body. The function that comes back says that it no longer does. */
  read(): () => void {
    this.#readers += 1;
    for (const tell of this.#onRead) tell();
    let isReading = true;
    return () => {
      if (!isReading) return;
      isReading = false;
      this.#readers -= 1;
      this.#left();
    };
  }

  /** Calls back whenever another request begins to read the body, and at once if one does. */
  whenRead(callback: () => void): void {
    this.#onRead.push(callback);
    if (this.#readers > 0) callback();
  }

  /** The head is there, and its body on its way into the store. */
  answered(response: SharedResponse): void {
    this.#response = response;
    this.#tell(response);
  }

  /** Nobody can join any more. Who still waits for the head has to look for itself. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.ended();
    for (const tell of this.#onOver) tell();
    this.#tell(undefined);
  }

  /** As `end`, where nothing was asked of the origin: of those that wait, one may do so and the others wait for that. */
  handOn(): void {
    this.#isHandedOn = !this.#hasEnded;
    this.end();
  }

  /** Whether it ended without anything asked of the origin. */
  get isHandedOn(): boolean {
    return this.#isHandedOn;
  }

  /** The first one left. Whether others want it; `cancel` is called whenever the last of them has left too. */
  leave(cancel: () => void): boolean {
    this.#cancel = cancel;
    return this.isWanted;
  }

  /** As `leave`, and nobody can join any more when nobody waits. */
  leaveOrEnd(cancel: () => void): boolean {
    const goesOn = this.leave(cancel);
    if (!goesOn) this.end();
    return goesOn;
  }

  #startTimer(): void {
    if (this.#heldBack === undefined) this.#timer ??= setTimeout(() => this.#overdue(), this.#options.waitMs);
  }

  #overdue(): void {
    this.#isLate = true;
    // A long poll, most likely.
    this.#options.inVain();
    this.#tell(undefined);
  }

  #tell(response: SharedResponse | undefined): void {
    clearTimeout(this.#timer);
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    // They leave and join meanwhile: nobody is the last before all were told.
    this.#readers += 1;
    for (const waiter of waiters) waiter(response);
    this.#readers -= 1;
    this.#left();
  }

  #left(): void {
    if (!this.isWanted) this.#cancel?.();
  }
}
