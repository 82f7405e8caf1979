import type { Change } from './accounts.ts';

/** Changes that are still to be told, at most one an account: a later one is added to it, or takes its place. */
export class PendingChanges {
  readonly #changes = new Map<number, Change>();

  /** Whether there are none. */
  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  /** Adds a change behind those that are there. */
  add(change: Change): void {
    const before = this.#changes.get(change.account);
    this.#changes.set(change.account, before === undefined ? change : combine(before, change));
  }

  /** Puts changes before those that are there. */
  addBefore(changes: Iterable<Change>): void {
    const later = this.take();
    for (const change of changes) this.add(change);
    for (const change of later) this.add(change);
  }

  /** Gives them all, and has none left. */
  take(): readonly Change[] {
    const changes = [...this.#changes.values()].filter(isOne);
    this.#changes.clear();
    return changes;
  }

  [Symbol.iterator](): IterableIterator<Change> {
    return this.#changes.values();
  }
}

function combine(before: Change, after: Change): Change {
  if (after.kind === 'set') return after;
  return { ...before, bytes: before.bytes + after.bytes, entries: before.entries + after.entries };
}

function isOne({ kind, bytes, entries }: Change): boolean {
  return kind === 'set' || bytes !== 0 || entries !== 0;
}
