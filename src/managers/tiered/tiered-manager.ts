import type { Readable } from 'node:stream';
import { primaryOfLease } from '../../core/lease-key.ts';
import type { HttpResponse, HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { andThen, isPromise } from '../and-then.ts';
import { BufferedManager, type StreamingMethods } from '../buffered-manager.ts';
import { isStreaming } from '../check-manager.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheEntrySummary,
  CacheManager,
  CacheWriter,
  ChangeSource,
  EvictionSource,
  Lease,
  LeaseOptions,
  ManagerStats,
  MaybePromise,
  StoredResponse,
  StreamingCacheManager,
} from '../manager.ts';
import { Coherence } from './coherence.ts';
import { NearStore } from './near-store.ts';
import { checkTieredOptions, type TieredManagerOptions } from './tiered-options.ts';
import { TieredReads } from './tiered-reads.ts';
import { TieredResponse } from './tiered-response.ts';
import { TieredWriter } from './tiered-writer.ts';

const OWNER = 'TieredManager';

/**
 * Keeps copies of one store in another that is faster to reach: of Redis in memory, say. Everything is written to `far` only; what
 * is read from there is copied to `near`, and answers from there for as long as it is known to be what `far` has.
 *
 * - Where `far` tells what others change (`RedisManager` does): until it tells of a change, which takes as long as the message,
 *   and for 30 seconds at most. While it cannot hear of changes, as below.
 * - Where only this process reaches `far`: until it is written over, and for 30 seconds at most.
 * - Otherwise for at most `maxStaleMs` after it was compared. Comparing reads the entry of `far`, and its body only where that comes
 *   with it.
 *
 * All else is that of `far`: its scope and limits, what it lists, counts, clears and tells.
 *
 * @example
 * ```ts
 * import { HttpCache } from 'http-larder';
 * import { StreamingManager } from 'http-larder/disk';
 * import { MemoryManager } from 'http-larder/memory';
 * import { TieredManager } from 'http-larder/tiered';
 *
 * const far = new StreamingManager({ path: '.cache/http' });
 * const cache = new HttpCache({ manager: new TieredManager({ near: new MemoryManager(), far }) });
 * ```
 */
export class TieredManager implements StreamingCacheManager {
  /** That of `far`. */
  readonly scope: 'process' | 'shared';
  /** That of `far`: larger bodies than `near` keeps are read from there. */
  readonly maxEntrySize?: number;
  /** That of `far`. */
  readonly isRecord?: boolean;
  /** Those of `far`. */
  readonly evictions?: EvictionSource;
  /** Those of `far`. */
  readonly changes?: ChangeSource;
  /** Lists what is in `far`, if that can. Each copy is compared before it answers again. */
  readonly entries?: () => AsyncIterable<CacheEntrySummary>;
  /** Clears `far`, if that can, and drops all copies. */
  readonly clear?: () => Promise<void>;
  /** Counts what is in `far`, if that can. */
  readonly stats?: () => MaybePromise<ManagerStats>;
  /** The secret of `far`, if that has one. */
  readonly secret?: () => MaybePromise<Uint8Array>;
  /** Takes a lease of `far`, if that gives any. */
  readonly lease?: (cacheKey: string, options: LeaseOptions) => MaybePromise<Lease | undefined>;
  /** Reads a body while it is written to `far`, if that can. */
  readonly readWhileWriting?: (writer: CacheWriter, start?: number) => Readable;
  readonly #manager: CacheManager;
  readonly #far: StreamingMethods;
  readonly #near: NearStore;
  readonly #coherence: Coherence;
  readonly #reads: TieredReads;
  /** How many ask now what only the far store can say. */
  #askingFar = 0;

  /** @throws TypeError or RangeError for an option that is unknown or cannot be used. */
  constructor(options: TieredManagerOptions) {
    const { near, far, maxStaleMs, now } = checkTieredOptions(OWNER, options);
    const buffered = isStreaming(far) ? undefined : new BufferedManager(far);
    this.#manager = far;
    this.#far = isStreaming(far) ? far : (buffered ?? new BufferedManager(far));
    this.#near = new NearStore(near);
    this.#coherence = new Coherence({
      far,
      maxStaleMs,
      now,
      dropped: ({ nearKey }) => this.#near.drop(nearKey),
    });
    this.#reads = new TieredReads({
      near: this.#near,
      far: this.#far,
      isExact: isStreaming(far),
      coherence: this.#coherence,
    });
    this.scope = far.scope ?? 'shared';
    const maxEntrySize = buffered?.maxEntrySize ?? far.maxEntrySize;
    if (maxEntrySize !== undefined) this.maxEntrySize = maxEntrySize;
    if (far.isRecord !== undefined) this.isRecord = far.isRecord;
    if (far.evictions !== undefined) this.evictions = far.evictions;
    if (far.changes !== undefined) this.changes = far.changes;
    if (far.stats !== undefined) this.stats = far.stats.bind(far);
    if (far.secret !== undefined) this.secret = far.secret.bind(far);
    const lease = far.lease?.bind(far);
    if (lease !== undefined) {
      this.lease = (cacheKey, options) =>
        andThen(lease(cacheKey, options), (taken) => {
          // Who has or had it may just have stored what is looked for.
          this.#coherence.distrustFor(primaryOfLease(cacheKey));
          return taken;
        });
    }
    const clear = far.clear?.bind(far);
    if (clear !== undefined) this.clear = async () => await this.#clear(clear);
    const list = far.entries?.bind(far);
    if (list !== undefined) {
      this.entries = () => {
        // What is not listed is not there any more.
        this.#coherence.distrustAll();
        return list();
      };
    }
    const read = this.#far.readWhileWriting?.bind(this.#far);
    if (read !== undefined) {
      this.readWhileWriting = (writer, start) => {
        if (writer instanceof TieredWriter) return read(writer.writer, start);
        throw new TypeError(
          'This writer is not from a TieredManager: follow it with the manager that gave it',
        );
      };
    }
  }

  /** Asks `far`. */
  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    return await this.#manager.get(cacheKey);
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    return await this.#write(cacheKey, () => this.#manager.put(cacheKey, response, policy));
  }

  /** Whatever comes of it in `far`, there is no copy any more. */
  async delete(cacheKey: string, token?: string): Promise<void> {
    await this.#write(cacheKey, () => this.#manager.delete(cacheKey, token));
  }

  /** Finds a copy that may answer, at once where `near` answers at once; else asks `far`, and rejects where that fails. */
  getStream(cacheKey: string): MaybePromise<StoredResponse | undefined> {
    return this.#askingFar > 0 ? this.#reads.findFar(cacheKey) : this.#reads.find(cacheKey);
  }

  putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
    options?: { readonly size?: number },
  ): MaybePromise<CacheWriter> {
    return andThen(
      this.#far.putStream(cacheKey, head, policy, options),
      (writer) =>
        new TieredWriter({
          writer,
          beginWrite: () => this.#coherence.beginWrite(cacheKey),
          askFar: (ask) => this.#askFar(ask),
        }),
    );
  }

  streamResponse(stored: StoredResponse, range?: ByteRange): Readable {
    if (stored instanceof TieredResponse) return this.#reads.stream(stored, range);
    throw new TypeError(
      'This stored response is not from a TieredManager: stream it with the manager that gave it',
    );
  }

  updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): MaybePromise<string | undefined> {
    return this.#write(cacheKey, () => this.#far.updateMetadata(cacheKey, token, head, policy));
  }

  /** Closes both. */
  async close(): Promise<void> {
    this.#coherence.close();
    this.#coherence.forgetAll();
    await Promise.all([this.#near.close(), this.#manager.close?.()]);
  }

  async #clear(clear: () => Promise<void>): Promise<void> {
    this.#coherence.forgetAll();
    try {
      await clear();
    } finally {
      // Copies were made meanwhile.
      this.#coherence.forgetAll();
    }
  }

  /** Changes what lies under a key; no copy answers meanwhile. */
  #write<T>(cacheKey: string, change: () => MaybePromise<T>): MaybePromise<T> {
    return ending(this.#coherence.beginWrite(cacheKey), change);
  }

  /** Has everything looked up in the far store while something is asked. */
  #askFar<T>(ask: () => MaybePromise<T>): MaybePromise<T> {
    this.#askingFar++;
    return ending(() => {
      this.#askingFar--;
    }, ask);
  }
}

/** Does something, and then ends it, however it came out. */
function ending<T>(end: () => void, action: () => MaybePromise<T>): MaybePromise<T> {
  let outcome: MaybePromise<T>;
  try {
    outcome = action();
  } catch (error) {
    end();
    throw error;
  }
  if (isPromise(outcome)) return Promise.resolve(outcome).finally(end);
  end();
  return outcome;
}
