/** Target URIs that are remembered at most. */
const remembered = 10_000;
/** For how long a response that could not be shared keeps requests from waiting for each other, in milliseconds. */
export const unsharedMs = 60_000;

/**
 * What earlier responses taught about sharing the next one: requests for what turned out not to be shareable must not
 * wait for each other in vain, and requests that select differently must not wait for the same one.
 */
export class SharingMemory {
  readonly #unsharedUntil = new Map<string, number>();
  readonly #selectingNames = new Map<string, readonly string[]>();

  /** Notes whether a response to requests with this key could answer others with it too. */
  learn(key: string, isShareable: boolean, now: number): void {
    if (isShareable) this.#unsharedUntil.delete(key);
    else keep(this.#unsharedUntil, key, now + unsharedMs);
  }

  /** Notes the request fields that a response for this slot varies by. */
  learnNames(slot: string, names: readonly string[]): void {
    const known = this.#selectingNames.get(slot) ?? [];
    keep(this.#selectingNames, slot, [...new Set([...known, ...names])].toSorted());
  }

  /** Whether requests with this key may wait for one another. */
  isShareable(key: string, now: number): boolean {
    const until = this.#unsharedUntil.get(key);
    if (until === undefined) return true;
    // A clock that was set back must not make this last longer.
    if (now < until && now >= until - unsharedMs) return false;
    this.#unsharedUntil.delete(key);
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    this.#unsharedUntil.clear();
    this.#selectingNames.clear();
  }

  /** The request fields that responses for this slot are known to vary by. */
  names(slot: string): readonly string[] {
    return this.#selectingNames.get(slot) ?? [];
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= remembered) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
