import type { Readable } from 'node:stream';
import type { FieldLines, HttpResponse, HttpResponseHead } from '../core/message.ts';
import type { CachePolicy } from '../core/policy-types.ts';

/** A value, or a promise of it. A manager that knows the answer at once gives the value and spares its caller the wait. */
export type MaybePromise<T> = T | Promise<T>;

/** What a look-up finds. */
export interface CacheEntry {
  /** The stored response with its body. */
  readonly response: HttpResponse;
  /** The policy that was stored with it. */
  readonly policy: CachePolicy;
}

/**
 * Where stored responses are kept: the three methods that every back end has.
 *
 * Contract: `get` gives what the last completed `put` under exactly this key gave, byte for byte and field line for
 * field line, or `undefined`; never part of it, never another key's. What is damaged counts as absent. It may
 * forget anything at any time. Nothing it is given is changed by it, and nothing it gave changes later.
 * A method may reject: the cache then treats a `get` as a miss and reports the rest as an event.
 *
 * Everything below the three methods is a capability: a manager has it or does without, with the fallback named there.
 *
 * @example
 * A manager over a `Map` (unbounded, so for illustration only):
 * ```ts
 * import type { CacheEntry, CacheManager, CachePolicy, HttpResponse } from 'http-larder';
 *
 * class MapManager implements CacheManager {
 *   readonly #entries = new Map<string, CacheEntry>();
 *   async get(cacheKey: string): Promise<CacheEntry | undefined> {
 *     return structuredClone(this.#entries.get(cacheKey));
 *   }
 *   async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
 *     this.#entries.set(cacheKey, structuredClone({ response, policy }));
 *     return response;
 *   }
 *   async delete(cacheKey: string): Promise<void> {
 *     this.#entries.delete(cacheKey);
 *   }
 * }
 * ```
 */
export interface CacheManager {
  /** Finds the entry stored under a key; `undefined` when there is none. */
  get(cacheKey: string): Promise<CacheEntry | undefined>;
  /** Stores a response and its policy under a key, in place of what was there, and gives the response back. */
  put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse>;
  /**
   * Removes what is stored under a key; removing nothing is not an error. With a `token`, only that revision is meant: a
   * manager that can tell leaves another one where it is, and one that cannot removes what is there.
   */
  delete(cacheKey: string, token?: string): Promise<void>;

  /**
   * Who can reach the store: `process` for this object alone, `shared` when other processes or objects may.
   * Without it: `shared`, so that invalidations are written down for the others.
   */
  readonly scope?: 'process' | 'shared';
  /** The largest body that is kept, in bytes. Without it the cache buffers at most 8 MiB for a manager that cannot stream. */
  readonly maxEntrySize?: number;
  /**
   * Whether it keeps a record of what origins answer, to stand in for them in tests: what is there answers whatever the mode,
   * its age and the header fields say, and every whole answer is stored, of any status. Without it the cache is a cache.
   */
  readonly isRecord?: boolean;
  /** Lists what is stored, in no promised order, while others go on. Without it `cache.entries()` throws. */
  entries?(): AsyncIterable<CacheEntrySummary>;
  /** Removes everything. Without it `cache.clear()` rejects. */
  clear?(): Promise<void>;
  /** Counts what is stored. Without it `cache.stats()` gives the cache's own counters only. */
  stats?(): MaybePromise<ManagerStats>;
  /** Tells of what is taken out to stay within the limits. Without it there are no `evict` events. */
  readonly evictions?: EvictionSource;
  /**
   * Tells of what anybody changes in the store, so that copies of it can be kept elsewhere. Without it nobody tells, and what was
   * read is to be compared again after a while.
   */
  readonly changes?: ChangeSource;
  /** Ends background work and lets go of what is held. Without it there is nothing to close. */
  close?(): Promise<void>;
  /**
   * The store's random secret of at least 32 bytes, made once and the same for all who use the store: credentials are
   * kept only as digests under it. Without it the cache keeps one as an entry of its own.
   */
  secret?(): MaybePromise<Uint8Array>;
  /**
   * Takes a lease on a key for a bounded time, so that of many processes one asks the origin; `undefined` when another
   * holds it. Without it each process asks for itself.
   */
  lease?(cacheKey: string, options: LeaseOptions): MaybePromise<Lease | undefined>;
}

/** A stored response of a streaming manager: its head at hand, its body to be streamed. A snapshot that later changes do not touch. */
export interface StoredResponse {
  /** The stored response without its body. */
  readonly head: HttpResponseHead;
  /** The policy that was stored with it. */
  readonly policy: CachePolicy;
  /** Identity of this revision of the entry, for {@link StreamingCacheManager.updateMetadata}. */
  readonly token: string;
  /** Length of the body in bytes. */
  readonly size: number;
  /** The whole body where the manager has it in memory anyway; only to be read, never to be handed to a caller uncopied. */
  readonly body?: Uint8Array | undefined;
  /** Lets go of what the snapshot holds (a descriptor, say). To be called once it is not streamed; calling again, or after its stream ended, does nothing. */
  release(): void;
}

/** Bytes of a body from `start` to `end`, both included (RFC 9110 §14.1.2). */
export interface ByteRange {
  /** First byte, from 0. */
  readonly start: number;
  /** Last byte. */
  readonly end: number;
}

/** What ends a write. */
export interface CommitOptions {
  /** The trailer section that came behind the body. */
  readonly trailers?: FieldLines;
  /**
   * Asked as the last thing before the entry becomes visible; unless it answers `true`, the entry is dropped as by
   * `abort`. This is how an invalidation wins against a store begun before it. It is asked again when what lay there
   * was changed by another process since.
   */
  readonly onlyIf?: () => MaybePromise<boolean>;
}

/**
 * Takes one body, chunk by chunk, and ends in exactly one `commit` or `abort`. Nothing of it is visible before the
 * commit, and then all of it at once; a reader of the entry it replaces goes on with what it has.
 */
export interface CacheWriter {
  /**
   * Takes a chunk, which it must not keep or change after the returned promise is fulfilled (or after it returns
   * nothing). One write at a time: the caller waits for the promise.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_ENTRY_TOO_LARGE` when the body is larger than the manager keeps; the
   * writer must still be aborted.
   */
  write(chunk: Uint8Array): MaybePromise<void>;
  /** Makes the entry visible; `false` when `onlyIf` forbade it. */
  commit(options?: CommitOptions): Promise<boolean>;
  /** Drops what was written. Never rejects; after the end it does nothing. */
  abort(reason?: unknown): Promise<void>;
}

/**
 * A cache manager that streams: no body has to be in memory, and freshening an entry never rewrites its body.
 *
 * A body that turns out to be corrupt while it is read ends in an error with `ERR_HTTP_CACHE_CORRUPT_ENTRY`, before
 * its last byte was given, and its entry is gone.
 */
export interface StreamingCacheManager extends CacheManager {
  /**
   * As `get`, but with the body yet to be streamed. Whoever gets it must stream it or release it.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_CORRUPT_ENTRY` for an entry that it finds damaged, and drops; `get` gives
   * `undefined` for it. The cache reports it and goes on as if nothing were stored.
   */
  getStream(cacheKey: string): MaybePromise<StoredResponse | undefined>;
  /** As `put`, but the body follows through the writer. `size` is its length where known. */
  putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
    options?: { readonly size?: number },
  ): MaybePromise<CacheWriter>;
  /** The body, or a range of it, as a stream that reads as it is consumed; destroying it lets go of everything. To be called once per stored response. */
  streamResponse(stored: StoredResponse, range?: ByteRange): Readable;
  /**
   * Replaces head and policy of an entry whose revision still is `token`, and gives its new token; `undefined` when the
   * entry is gone or replaced. The body is not touched.
   */
  updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): MaybePromise<string | undefined>;
  /**
   * Reads a body while it is written: each byte from `start` on, 0 where it is left out, that was or will be written,
   * once and in order. Without it a second request for the same response goes to the origin.
   *
   * - It reads as it is consumed, from where the bytes are kept, and waits for more. It never holds up the writer.
   * - It ends behind the last byte once `commit` was called, whatever comes of that: the body is whole then. When the
   *   writer is aborted, or committed with another length than was announced, it gives what had been written and then
   *   fails with `ERR_HTTP_CACHE_INCOMPLETE_BODY`.
   * - Readers come at any time before the end and leave at any time by being destroyed, any number of them at once, which
   *   share a descriptor where one is needed. It is closed when the last of them has left.
   * - The chunks are the reader's own: changing them changes neither the stored body nor what another reader gets.
   *
   * @throws TypeError for a writer that is not of this manager, RangeError for a `start` that is no position in a body.
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` for a writer that has ended, that is, from the call of `commit`
   * or `abort` on, or after a write that failed: look the response up instead.
   */
  readWhileWriting?(writer: CacheWriter, start?: number): Readable;
}

/** One line of `entries()`. */
export interface CacheEntrySummary {
  /** The key it is stored under. */
  readonly cacheKey: string;
  /** The stored head. */
  readonly head: HttpResponseHead;
  /** The stored policy. */
  readonly policy: CachePolicy;
  /** Length of the body in bytes. */
  readonly size: number;
}

/** An entry that was taken out to stay within the limits. */
export interface EvictedEntry {
  /** The key it was stored under. */
  readonly cacheKey: string;
  /** The target URI it was stored for. */
  readonly url: string;
  /** Length of its body in bytes. */
  readonly size: number;
}

/** Is told of each entry that is evicted, by this process. */
export type EvictionObserver = (entry: EvictedEntry) => void;

/** Where evictions are told. */
export interface EvictionSource {
  /** Has an observer told of every eviction from now on, and gives what ends that. */
  observe(observer: EvictionObserver): () => void;
}

/** A change of what is stored. */
export type Change =
  | {
      /** An entry was put, freshened or deleted, by whomever. */
      readonly kind: 'key';
      /** The key it is stored under. */
      readonly cacheKey: string;
    }
  | {
      /** Everything was cleared; or from now on changes may go unheard, `lost`, until they are heard again, `found`. */
      readonly kind: 'all' | 'lost' | 'found';
    };

/** Is told of each change. */
export type ChangeObserver = (change: Change) => void;

/** Where changes are told. */
export interface ChangeSource {
  /** Has an observer told of every change from now on, first whether changes are heard at all, and gives what ends that. */
  observe(observer: ChangeObserver): () => void;
}

/** What a manager holds. */
export interface ManagerStats {
  /** Entries that are stored. */
  readonly entries: number;
  /** Bytes that count towards the limit. */
  readonly bytes: number;
  /** The limit of `entries`. */
  readonly maxEntries: number;
  /** The limit of `bytes`. */
  readonly maxBytes: number;
  /** Entries taken out to stay within the limits, since the manager was made. */
  readonly evictions: number;
}

/** How a lease is asked for. */
export interface LeaseOptions {
  /** After how many milliseconds the lease ends by itself, as when its holder dies. */
  readonly ttlMs: number;
}

/** The right to ask the origin on behalf of others. */
export interface Lease {
  /** Has it last for `ttlMs` from now on; `false` when it was lost. */
  renew(): MaybePromise<boolean>;
  /**
   * Ends it. With `openForMs`, everybody who asks within so many milliseconds has a lease at once, so that nobody waits: what
   * came was not for others.
   */
  release(options?: { readonly openForMs?: number }): MaybePromise<void>;
}
