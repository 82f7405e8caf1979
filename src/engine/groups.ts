import { randomUUID } from 'node:crypto';
import { underGroups } from '../core/marked-stale.ts';
import type { IndexPolicy, ResponsePolicy, StoredGroup } from '../core/policy-types.ts';
import type { MaybePromise, StoredResponse } from '../managers/manager.ts';
import type { Flight } from './flights.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { ownUrl } from './index-head.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { release } from './release.ts';
import { failed, type Failed, type Store } from './store.ts';

/** How often a record is read anew that others write at the same time. */
const mostAttempts = 4;

/** What a group is made of. */
type GroupRecord = IndexPolicy;

/**
 * Groups of stored responses that are invalidated together, by one record each: an index that leads to nothing. A response
 * remembers the record's epoch and id as it was stored. Another epoch, or no record, means that it was invalidated, so that
 * a store which loses a record loses responses and never an invalidation; another id, that it was marked as stale.
 */
export class Groups {
  readonly #store: Store;
  readonly #writes: KeyedQueue;
  readonly #own = randomUUID();
  #minted = 0;

  constructor(store: Store, writes: KeyedQueue) {
    this.#store = store;
    this.#writes = writes;
  }

  /**
   * Puts the response to a request into groups, and gives what it has to remember of them; `invalidated` when one of them
   * was, or was marked as stale, since the request was sent.
   */
  join(
    keys: readonly string[],
    flight: Flight,
  ): MaybePromise<readonly StoredGroup[] | 'invalidated' | Failed> {
    if (keys.some((key) => flight.invalidatedGroups?.has(key) === true)) return 'invalidated';
    return andThen(
      each(keys, (key) => this.#recordToJoin(key)),
      (records) => {
        const joined: StoredGroup[] = [];
        for (const [at, record] of records.entries()) {
          const key = keys[at];
          if (record === failed || key === undefined) return failed;
          if (flight.invalidated || this.#isSince(record, flight.sentAt)) return 'invalidated';
          joined.push([key, record.epoch, record.id]);
        }
        return joined;
      },
    );
  }

  /** A stored response's policy as it counts now; `undefined` where a group of it was invalidated. */
  standing(policy: ResponsePolicy): MaybePromise<ResponsePolicy | undefined> {
    const { groups } = policy;
    if (groups === undefined) return policy;
    return andThen(
      each(groups, ([key]) => this.#record(key)),
      (records) => {
        const known: IndexPolicy[] = [];
        for (const record of records) {
          if (record === undefined || record === failed) return undefined;
          known.push(record);
        }
        return underGroups(policy, known);
      },
    );
  }

  /** Makes the store tell everybody that a group was invalidated. Gives whether it does; never rejects. */
  invalidate(key: string, now: number): Promise<boolean> {
    return this.#writes.run(key, () => this.#invalidate(key, now));
  }

  /** As {@link invalidate}, later than it was asked for: what others told since then holds for it, too. */
  invalidateLate(key: string, now: number): Promise<boolean> {
    return this.#writes.run(key, async () => {
      const record = await this.#record(key);
      if (record === failed) return false;
      return (record?.invalidatedAt ?? 0) >= now || (await this.#invalidate(key, now));
    });
  }

  /** As {@link invalidate}, for marking what is in the group as stale. */
  markStale(key: string, now: number): Promise<boolean> {
    return this.#writes.run(key, async () => {
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        const entry = await this.#store.get(key);
        if (entry === failed) return false;
        release(entry);
        const record = recordOf(entry);
        // Nothing usable is in it; what others asked for before stays out.
        if (record === undefined) return (await this.#put(key, now)) !== failed;
        const staleSince = Math.max(now, record.staleSince ?? 0);
        const policy: GroupRecord = { ...record, id: this.#mint(), staleSince };
        const written = await this.#replace(key, entry, policy);
        if (written === failed) return false;
        if (written) return true;
      }
      return false;
    });
  }

  /** Whether a record tells that others invalidated its group, or marked it as stale, since a request was sent. */
  #isSince({ epoch, id, invalidatedAt, staleSince = 0 }: GroupRecord, sentAt: number): boolean {
    // Others tell by the time, where one tick is no order; of what this one wrote in that tick the flight knows.
    const isAfter = (time: number, writer: string): boolean =>
      writer.startsWith(this.#own) ? sentAt < time : sentAt <= time && time > 0;
    return isAfter(invalidatedAt, epoch) || isAfter(staleSince, id);
  }

  /** A text that no other writes, and that tells that this one wrote it. */
  #mint(): string {
    this.#minted += 1;
    return `${this.#own}.${this.#minted}`;
  }

  #newRecord(invalidatedAt: number): GroupRecord {
    return { v: 1, kind: 'index', id: this.#mint(), epoch: this.#mint(), invalidatedAt, sets: [] };
  }

  async #invalidate(key: string, now: number): Promise<boolean> {
    const left = this.#store.isPrivateToProcess ? failed : await this.#put(key, now);
    // On a full disk there is no room for the time, and without a record nothing in the group is used.
    return left !== failed || (await this.#store.delete(key)) !== failed;
  }

  #put(key: string, invalidatedAt: number): MaybePromise<unknown> {
    return this.#store.putIndex(key, ownUrl, this.#newRecord(invalidatedAt));
  }

  #record(key: string): MaybePromise<GroupRecord | undefined | Failed> {
    return andThen(this.#store.get(key), (entry) => {
      if (entry === failed) return failed;
      release(entry);
      return recordOf(entry);
    });
  }

  #recordToJoin(key: string): MaybePromise<GroupRecord | Failed> {
    return andThen(this.#record(key), (record) => record ?? this.#writes.run(key, () => this.#begin(key)));
  }

  /** Makes a record where there is none; where another process made it meanwhile, that one holds. */
  async #begin(key: string): Promise<GroupRecord | Failed> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const entry = await this.#store.get(key);
      if (entry === failed) return failed;
      release(entry);
      const record = recordOf(entry);
      if (record !== undefined) return record;
      const policy = this.#newRecord(0);
      const written = await this.#replace(key, entry, policy);
      if (written === failed) return failed;
      if (written) return policy;
    }
    return failed;
  }

  #replace(key: string, entry: StoredResponse | undefined, policy: GroupRecord): Promise<boolean | Failed> {
    return this.#store.replaceByIndex(key, entry, { url: ownUrl, policy, mayAdd: () => true });
  }
}

function recordOf(entry: StoredResponse | undefined): GroupRecord | undefined {
  return entry?.policy.kind === 'index' ? entry.policy : undefined;
}

/** What a function gives for each of a list; at once where it gives all of it at once. */
function each<T, R>(list: readonly T[], call: (item: T) => MaybePromise<R>): MaybePromise<readonly R[]> {
  const results: R[] = [];
  for (const [at, item] of list.entries()) {
    const result = call(item);
    if (isPromise(result)) return Promise.all([...results, result, ...list.slice(at + 1).map(call)]);
    results.push(result);
  }
  return results;
}
