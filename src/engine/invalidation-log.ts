const remembered = 10_000;

/**
 * Target URIs that were invalidated while the store could not be told, or has not yet been: what is stored for them
 * from before then must not be reused, whatever the store says.
 */
export class InvalidationLog {
  readonly #times = new Map<string, number>();
  /** The latest time among notes that were dropped for want of room: everything requested up to then counts as invalidated. */
  #floor = Number.NEGATIVE_INFINITY;

  /** Notes that a target URI is invalidated as of a time, in milliseconds since 1970. */
  note(primary: string, time: number): void {
    const latest = Math.max(time, this.#times.get(primary) ?? time);
    this.#times.delete(primary);
    this.#times.set(primary, latest);
    if (this.#times.size <= remembered) return;
    const [oldest] = this.#times;
    if (oldest === undefined) return;
    this.#times.delete(oldest[0]);
    this.#floor = Math.max(this.#floor, oldest[1]);
  }

  /** The store knows of it now. */
  confirmed(primary: string, time: number): void {
    if ((this.#times.get(primary) ?? Infinity) <= time) this.#times.delete(primary);
  }

  /** Nothing is stored any more, nor will be of what was requested before. */
  clear(): void {
    this.#times.clear();
    this.#floor = Number.NEGATIVE_INFINITY;
  }

  /** Whether a response that was requested at a time has been invalidated since. */
  covers(primary: string, requestTime: number): boolean {
    if (requestTime <= this.#floor) return true;
    const time = this.#times.get(primary);
    return time !== undefined && requestTime <= time;
  }
}
