import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import type { FieldLines, HttpResponse, HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { sliceOf } from '../byte-range.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import { streamBytes } from '../bytes-stream.ts';
import { Evictions } from '../evictions.ts';
import { type FrozenCopy, frozenCopy } from '../frozen-copy.ts';
import { refuseUnknownOptions, wholeNumber } from '../manager-options.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheEntrySummary,
  CacheWriter,
  EvictionSource,
  ManagerStats,
  StoredResponse,
  StreamingCacheManager,
} from '../manager.ts';
import { MemoryWriter } from './memory-writer.ts';
import { type StoredHead, StoredInMemory } from './stored-in-memory.ts';

/** Limits of a {@link MemoryManager}. */
export interface MemoryManagerOptions {
  /**
   * Bytes of memory for everything that is stored: bodies exactly, the rest roughly.
   * @defaultValue 64 MiB
   */
  readonly maxSize?: number;
  /**
   * The most entries.
   * @defaultValue 10 000
   */
  readonly maxEntries?: number;
  /**
   * The largest body, in bytes; at most `maxSize`.
   * @defaultValue 8 MiB, or `maxSize` when that is less
   */
  readonly maxEntrySize?: number;
}

const MIB = 1024 * 1024;

/**
 * Keeps stored responses in the memory of this process, within limits; what was used longest ago goes first.
 *
 * Look-ups answer at once. Bodies are copied when they are stored and when they are streamed, and heads and policies are
 * frozen, so nothing that a caller does to what it gave or got changes an entry.
 *
 * @example
 * ```ts
 * import { HttpCache } from 'http-larder';
 * import { MemoryManager } from 'http-larder/memory';
 *
 * const cache = new HttpCache({ manager: new MemoryManager({ maxSize: 256 * 1024 * 1024 }) });
 * ```
 */
export class MemoryManager implements StreamingCacheManager {
  readonly scope = 'process';
  /** The largest body that is kept, in bytes. */
  readonly maxEntrySize: number;
  /** Tells of what goes to make room. */
  readonly evictions: EvictionSource;
  readonly #entries: LRUCache<string, StoredInMemory>;
  readonly #secret = randomBytes(32);
  readonly #evictions = new Evictions();
  #revisions = 0;
  #evicted = 0;

  /** @throws TypeError or RangeError for an option that is unknown or cannot be used. */
  constructor(options: MemoryManagerOptions = {}) {
    this.evictions = this.#evictions;
    const owner = 'MemoryManager';
    refuseUnknownOptions(owner, options, ['maxSize', 'maxEntries', 'maxEntrySize']);
    const bytes = { owner, unit: 'bytes', least: 1 };
    const maxSize = wholeNumber(options.maxSize, { ...bytes, name: 'maxSize', fallback: 64 * MIB });
    this.maxEntrySize = wholeNumber(options.maxEntrySize, {
      ...bytes,
      name: 'maxEntrySize',
      fallback: Math.min(8 * MIB, maxSize),
    });
    if (this.maxEntrySize > maxSize) {
      throw new RangeError(
        `${owner}: maxEntrySize is ${this.maxEntrySize}, more than maxSize, which is ${maxSize}: raise maxSize or lower maxEntrySize`,
      );
    }
    this.#entries = new LRUCache({
      maxSize,
      max: wholeNumber(options.maxEntries, {
        owner,
        unit: 'entries',
        least: 1,
        name: 'maxEntries',
        fallback: 10_000,
      }),
      sizeCalculation: (stored, cacheKey) => stored.charge + cacheKey.length,
      dispose: ({ head, size }, cacheKey, reason) => {
        if (reason !== 'evict') return;
        this.#evicted++;
        this.#evictions.tell({ cacheKey, url: head.url, size });
      },
    });
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const stored = this.#entries.get(cacheKey);
    if (stored === undefined) return undefined;
    return { response: { ...stored.head, body: Buffer.from(stored.body) }, policy: stored.policy };
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    const { body, ...head } = response;
    const writer = this.putStream(cacheKey, head, policy, { size: body.byteLength });
    writer.write(body);
    await writer.commit();
    return response;
  }

  async delete(cacheKey: string, token?: string): Promise<void> {
    if (token === undefined || this.#entries.peek(cacheKey)?.token === token) this.#entries.delete(cacheKey);
  }

  getStream(cacheKey: string): StoredResponse | undefined {
    return this.#entries.get(cacheKey);
  }

  putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
    options: { readonly size?: number } = {},
  ): MemoryWriter {
    // Copied now: the caller may do what it likes with its own while the body comes.
    const kept = frozenCopy({ head, policy });
    return new MemoryWriter({
      cacheKey,
      maxEntrySize: this.maxEntrySize,
      size: options.size,
      publish: (body, trailers) => {
        const whole = trailers === undefined ? kept : withTrailers(kept.value, trailers);
        this.#publish(cacheKey, new StoredInMemory(whole, body, this.#newToken()));
      },
    });
  }

  streamResponse(stored: StoredResponse, range?: ByteRange): Readable {
    if (!(stored instanceof StoredInMemory)) {
      throw new TypeError(
        'This stored response is not from a MemoryManager: stream it with the manager that gave it',
      );
    }
    return streamBytes(stored.body, sliceOf(stored.size, range));
  }

  readWhileWriting(writer: CacheWriter, start: number = 0): Readable {
    if (writer instanceof MemoryWriter) return writer.follow(start);
    throw new TypeError('This writer is not from a MemoryManager: follow it with the manager that gave it');
  }

  updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): string | undefined {
    const current = this.#entries.peek(cacheKey);
    if (current?.token !== token) return undefined;
    const freshened = new StoredInMemory(frozenCopy({ head, policy }), current.body, this.#newToken());
    this.#publish(cacheKey, freshened);
    return freshened.token;
  }

  async *entries(): AsyncGenerator<CacheEntrySummary, void, undefined> {
    // Keys first: the cache's own iterator loses its place when entries are used while it rests.
    for (const cacheKey of [...this.#entries.keys()]) {
      const stored = this.#entries.peek(cacheKey);
      if (stored === undefined) continue;
      yield { cacheKey, head: stored.head, policy: stored.policy, size: stored.size };
    }
  }

  async clear(): Promise<void> {
    this.#entries.clear();
  }

  stats(): ManagerStats {
    return {
      entries: this.#entries.size,
      bytes: this.#entries.calculatedSize,
      maxEntries: this.#entries.max,
      maxBytes: this.#entries.maxSize,
      evictions: this.#evicted,
    };
  }

  /** Forgets everything. */
  async close(): Promise<void> {
    this.#entries.clear();
  }

  secret(): Uint8Array {
    return Uint8Array.from(this.#secret);
  }

  #newToken(): string {
    return String(++this.#revisions);
  }

  #publish(cacheKey: string, stored: StoredInMemory): void {
    const charge = stored.charge + cacheKey.length;
    // lru-cache would drop what it has under the key and say nothing.
    if (charge > this.#entries.maxSize) throw entryTooLarge(cacheKey, this.#entries.maxSize);
    this.#entries.set(cacheKey, stored);
  }
}

function withTrailers({ head, policy }: StoredHead, trailers: FieldLines): FrozenCopy<StoredHead> {
  return frozenCopy({ head: { ...head, trailers }, policy });
}
