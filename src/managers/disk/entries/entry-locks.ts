import { groupOf } from '../format/layout.ts';

/**
 * Lets the changes of one entry happen one after the other, and none while their group is scanned, so that a scan counts
 * each entry once. Within this process only: between processes renames decide.
 */
export class EntryLocks {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #changes = new Map<number, Set<Promise<unknown>>>();
  readonly #scans = new Map<number, Promise<unknown>>();

  /** Changes an entry when the changes before are done. */
  async change<T>(keyHash: string, change: () => Promise<T>): Promise<T> {
    const inGroup = async (): Promise<T> => await this.#inGroup(groupOf(keyHash), change);
    const before = this.#last.get(keyHash);
    const mine = before === undefined ? inGroup() : before.then(inGroup, inGroup);
    this.#last.set(keyHash, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(keyHash) === mine) this.#last.delete(keyHash);
    }
  }

  /** Scans a group while none of its entries is changed. It waits for a moment of rest, and stops nobody meanwhile. */
  async scan<T>(group: number, scan: () => Promise<T>): Promise<T> {
    for (;;) {
      const busy = [...(this.#changes.get(group) ?? []), ...this.#scanOf(group)];
      if (busy.length === 0) break;
      await Promise.allSettled(busy);
    }
    const mine = Promise.resolve().then(scan);
    this.#scans.set(group, mine);
    try {
      return await mine;
    } finally {
      this.#scans.delete(group);
    }
  }

  async #inGroup<T>(group: number, change: () => Promise<T>): Promise<T> {
    while (this.#scans.has(group)) await Promise.allSettled(this.#scanOf(group));
    // Counted before it begins, as it may start a scan itself.
    const mine = Promise.resolve().then(change);
    const changes = this.#changes.get(group) ?? new Set();
    this.#changes.set(group, changes.add(mine));
    try {
      return await mine;
    } finally {
      changes.delete(mine);
      if (changes.size === 0) this.#changes.delete(group);
    }
  }

  #scanOf(group: number): readonly Promise<unknown>[] {
    const scan = this.#scans.get(group);
    return scan === undefined ? [] : [scan];
  }
}
