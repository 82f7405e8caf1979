import { SharedForward } from './shared-forward.ts';
import { SharingMemory } from './sharing-memory.ts';

/** The requests to the origin that others may wait for, so that one response answers many (RFC 9111 §4). */
export class Collapsing {
  readonly memory: SharingMemory = new SharingMemory();
  readonly #forwards = new Map<string, SharedForward>();
  /** How long a request waits for the head of another's response, in milliseconds; 0 for never. */
  readonly waitMs: number;

  /** @param waitMs - How long a request waits for the head of another's response, in milliseconds; 0 for never. */
  constructor(waitMs: number) {
    this.waitMs = waitMs;
  }

  /** Whether requests are collapsed at all. */
  get isOn(): boolean {
    return this.waitMs > 0;
  }

  /** The request under way that one with this key may join. */
  find(key: string): SharedForward | undefined {
    const forward = this.#forwards.get(key);
    return forward?.isOpen === true ? forward : undefined;
  }

  /** Begins one that others may join, in place of one that they no longer can. */
  lead(key: string, now: () => number): SharedForward {
    const forward: SharedForward = new SharedForward({
      waitMs: this.waitMs,
      ended: () => {
        if (this.#forwards.get(key) === forward) this.#forwards.delete(key);
      },
      inVain: () => this.memory.learn(key, false, now()),
    });
    this.#forwards.set(key, forward);
    return forward;
  }
}
