/*
 * The disk store in one page. The bytes of the format stand in docs/disk-format.md.
 *
 * One entry file a key, `metadata/<hh>/<hash of the key>`: head, policy and, up to `inlineMax`, the body, so that most
 * hits are one open, one read, one close. A larger body has a file of its own beside it, named by a generation that no
 * two puts share. That file is also hard-linked as `content/<hh>/<digest>`, the anchor, to which equal bodies are linked
 * instead of being kept twice. Each entry owns its link: nothing that happens to others takes its body away, and the
 * number of links is the only count of references there is, so none can go wrong.
 *
 * Invariant: a hit is always a complete response that was stored under this key. Key, lengths and SHA-256 are checked on
 * every read, of a streamed body block by block before a byte is given; whatever does not fit is a miss. Nothing is locked
 * between processes and nothing is recovered at start-up, so no lock can be stale and starting costs nothing.
 * What is damaged and nobody looks up, `verify` finds (docs/verify.md).
 *
 * Killed while ...                     leaves                              which is
 *   a body comes                       a file in `incoming`                removed when that is scanned, ten minutes later
 *   the body has its place             a body that no entry names          removed by a scan, ten minutes later
 *   the place of an entry is claimed   the old entry                       right; the next change does the renaming
 *   the entry file is renamed          the new entry                       right
 *   what was replaced is removed       its body, or a lone anchor          removed by a scan
 *   an update is appended              a torn record                       passed over
 *   an entry is removed                its file under the name of an unpublished one, its body, a lone anchor: by a scan
 *   the store is cleared               trash                               removed by the next process that stores
 *   its changes are told               sizes that are off by one batch     set right by scans
 * A loss of power can leave short or zeroed files, as nothing is synced: they do not match their SHA-256, so they miss.
 *
 * Two processes ...
 *   put one key                        the first claim counts; the other looks again, and asks its guard again
 *   put where nothing is               the first link counts; the other, likewise
 *   update one revision                the first record counts; who wrote the second reads that it does not
 *   update and put                     the first record counts: behind a claim no update does, and the other way round
 *   read and replace                   the reader has its descriptor, or reads the entry again
 *   share a body and remove the last   linking fails, or the new link keeps the body (more in bodies/body-files.ts)
 *   clear and put                      what was put whole is cleared; what was begun before is not stored
 *   remove the folder, and put         who puts makes it anew, with the secret that is known; nothing else is carried over
 *   clear, or remove trash             each takes what it finds; both may do all of it
 *   remove and put                     a deletion takes what lies there; an eviction puts back what is newer than it read
 *   remove and claim                   the claim is void, or whoever claimed does away with the body
 *   claim and put, unable to read it   what cannot be read is removed first, and the put is one where nothing is
 * Left is this: a third process that stores within the microseconds in which something newer is away, or an entry is
 * removed between another's claim and its rename, can lose against the older of the two. Without hard links, whoever puts
 * where nothing is overwrites what came there in between.
 *
 * Limits. The processes tell each other what they store and remove by a ledger (limits/ledger.ts), so none has to look at
 * all that is there before it stores, however much that is. Groups are scanned again in turn and for victims, which ends the
 * errors of the ledger. Bodies under way count, for all, before their bytes are written. They cannot be evicted, and nobody
 * waits for them: what they leave no room for is refused. So is what would take of the free space that is to be kept, and
 * nothing is evicted in vain. A disk that had no room for something is taken for full for half a minute: then only what is
 * evicted makes room. So one process keeps its limits to the entry files in flight, and several to what they change within
 * the milliseconds that it takes to tell it. When an entry was used is written within two seconds, which is what a killed
 * process forgets and what others do not know.
 */

import type { Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { HttpResponse, HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { HttpCacheError } from '../../errors.ts';
import { andThen } from '../and-then.ts';
import { sliceOf } from '../byte-range.ts';
import { streamBytes } from '../bytes-stream.ts';
import { frozenCopy } from '../frozen-copy.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheEntrySummary,
  CacheWriter,
  EvictionSource,
  Lease,
  LeaseOptions,
  ManagerStats,
  MaybePromise,
  StoredResponse,
  StreamingCacheManager,
} from '../manager.ts';
import { BodyStream } from './bodies/body-stream.ts';
import { closedError } from './closed-error.ts';
import { clearStore } from './folder/clear-store.ts';
import { resolveDiskOptions, type StreamingManagerOptions } from './disk-options.ts';
import { DiskWriter } from './entries/disk-writer.ts';
import { keyHash } from './format/layout.ts';
import { dropCorrupt, dropDamaged } from './entries/drop-entry.ts';
import { listEntries } from './entries/list-entries.ts';
import { statsOf } from './limits/stats-of.ts';
import { openStore } from './open-store.ts';
import { removeRevision } from './entries/remove-entry.ts';
import type { StoreParts } from './store-parts.ts';
import { StoredOnDisk } from './entries/stored-on-disk.ts';
import { updateEntry } from './entries/update-entry.ts';
import { resolveVerifyOptions, type VerifyOptions } from './verify/verify-options.ts';
import type { VerifyReport } from './verify/verify-report.ts';
import { verifyStore } from './verify/verify-store.ts';

/**
 * Keeps stored responses in a folder, within limits, across restarts; what was used longest ago goes first. Bodies are
 * streamed, in and out, and equal ones are kept once. Several processes may share one folder, and each may be killed at
 * any time.
 *
 * @example
 * ```ts
 * import { HttpCache } from 'http-larder';
 * import { StreamingManager } from 'http-larder/disk';
 *
 * const cache = new HttpCache({ manager: new StreamingManager({ path: '.cache/http' }) });
 * ```
 */
export class StreamingManager implements StreamingCacheManager {
  readonly scope = 'shared';
  /** The largest body that is kept, in bytes. */
  readonly maxEntrySize: number;
  /** Tells of what this process takes out to make room. */
  readonly evictions: EvictionSource;
  readonly #parts: StoreParts;
  readonly #closing = new AbortController();
  #verifying: Promise<unknown> = Promise.resolve();

  /**
   * Makes the folder, or looks whether the one that is there can be used, if only for reading: then what would write
   * rejects. For what passes by itself, such as a full disk, it does not throw: the next change tries again.
   *
   * @throws TypeError or RangeError for an option that is unknown or cannot be used.
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` for a folder that cannot.
   */
  constructor(options: StreamingManagerOptions) {
    this.#parts = openStore(resolveDiskOptions(options));
    this.maxEntrySize = this.#parts.options.maxEntrySize;
    this.evictions = this.#parts.evictions;
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    try {
      const stored = await this.getStream(cacheKey);
      if (stored === undefined) return undefined;
      const { head, policy, body: whole } = stored;
      const body = whole === undefined ? await buffer(this.streamResponse(stored)) : Buffer.from(whole);
      return { response: { ...head, body }, policy };
    } catch (error) {
      if (error instanceof HttpCacheError && error.code === 'ERR_HTTP_CACHE_CORRUPT_ENTRY') return undefined;
      throw error;
    }
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    const { body, ...head } = response;
    const writer = this.putStream(cacheKey, head, policy, { size: body.byteLength });
    try {
      await writer.write(body);
      await writer.commit();
    } finally {
      await writer.abort();
    }
    return response;
  }

  async delete(cacheKey: string, token?: string): Promise<void> {
    this.#mustBeOpen();
    await removeRevision(this.#parts, keyHash(cacheKey), token);
  }

  getStream(cacheKey: string): MaybePromise<StoredResponse | undefined> {
    this.#mustBeOpen();
    const hash = keyHash(cacheKey);
    const found = this.#parts.reader.find({
      cacheKey,
      keyHash: hash,
      onDamaged: (damage) => dropDamaged(this.#parts, { ...damage, cacheKey }),
    });
    return andThen(found, (stored) => {
      if (stored !== undefined) this.#parts.uses.note(hash);
      return stored;
    });
  }

  putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
    { size }: { readonly size?: number } = {},
  ): CacheWriter {
    this.#mustBeOpen();
    const begunIn = this.#start();
    // Copied now: the caller may do what it likes with its own while the body comes.
    const kept = frozenCopy({ head, policy }).value;
    return new DiskWriter(this.#parts, { cacheKey, keyHash: keyHash(cacheKey), ...kept, size, begunIn });
  }

  /** The body, or a range of it, as a stream, every byte of it checked before it is given. */
  streamResponse(stored: StoredResponse, range?: ByteRange): Readable {
    if (!(stored instanceof StoredOnDisk)) {
      throw new TypeError(
        'This stored response is not from a StreamingManager: stream it with the manager that gave it',
      );
    }
    const slice = sliceOf(stored.size, range);
    if (stored.body !== undefined) return streamBytes(stored.body, slice);
    const descriptor = stored.takeDescriptor();
    if (descriptor === undefined || stored.table === undefined) {
      throw new TypeError('This stored response was streamed or released before: look it up again');
    }
    return new BodyStream({
      descriptor,
      size: stored.size,
      table: stored.table,
      slice,
      onCorrupt: async () => await dropCorrupt(this.#parts, stored),
    });
  }

  readWhileWriting(writer: CacheWriter, start: number = 0): Readable {
    if (writer instanceof DiskWriter) return writer.follow(start);
    throw new TypeError('This writer is not from a StreamingManager: follow it with its own manager');
  }

  async updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<string | undefined> {
    this.#mustBeOpen();
    await this.#start();
    return await updateEntry(this.#parts, { cacheKey, keyHash: keyHash(cacheKey), token, head, policy });
  }

  entries(): AsyncGenerator<CacheEntrySummary, void, undefined> {
    this.#mustBeOpen();
    return listEntries(this.#parts.layout, this.#parts.options.io);
  }

  async clear(): Promise<void> {
    this.#mustBeOpen();
    const { watch, layout, options, reader, uses, evictor } = this.#parts;
    await watch.current();
    await clearStore(layout, options.clock.now());
    reader.forget();
    uses.clear();
    await evictor.recount();
  }

  async stats(): Promise<ManagerStats> {
    this.#mustBeOpen();
    return await statsOf(this.#parts);
  }

  /**
   * Reads all that is stored, reports what is wrong with it, and mends what can be mended, while this process and others
   * go on. One runs at a time; it ends with an error when the manager is closed.
   *
   * @throws TypeError for an option that is unknown or cannot be used.
   */
  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    this.#mustBeOpen();
    const resolved = resolveVerifyOptions(options);
    const { signal } = this.#closing;
    const mine = this.#verifying.then(() => verifyStore(this.#parts, resolved, signal));
    this.#verifying = mine.catch(() => {});
    return await mine;
  }

  /** Writes down when entries were used, and ends background work. Afterwards every method throws or rejects. */
  async close(): Promise<void> {
    this.#closing.abort(closedError());
    await this.#verifying;
    const { uses, evictor, reader, housekeeping, leases } = this.#parts;
    await housekeeping.stop();
    await leases.close();
    await uses.flush();
    await evictor.stop();
    reader.forget();
  }

  lease(cacheKey: string, options: LeaseOptions): MaybePromise<Lease | undefined> {
    this.#mustBeOpen();
    return this.#parts.leases.take(keyHash(cacheKey), options);
  }

  secret(): Uint8Array {
    this.#mustBeOpen();
    return this.#parts.secret.get();
  }

  /**
   * Begins to count what is there, and removes leftovers, with the first change: who only reads needs neither. Gives the
   * folder of entries that the change begins in.
   */
  #start(): MaybePromise<Stats | undefined> {
    const { watch, evictor, housekeeping } = this.#parts;
    const begunIn = watch.current();
    evictor.start();
    housekeeping.start();
    return begunIn;
  }

  #mustBeOpen(): void {
    if (this.#closing.signal.aborted) throw closedError();
    this.#parts.folder.prepareForReading();
  }
}
