import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { HttpResponse, HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { isHttpCacheError } from '../../errors.ts';
import { sliceOf } from '../byte-range.ts';
import { streamBytes } from '../bytes-stream.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheEntrySummary,
  CacheWriter,
  ChangeSource,
  Lease,
  LeaseOptions,
  StoredResponse,
  StreamingCacheManager,
} from '../manager.ts';
import { ChangeFeed } from './change-feed.ts';
import { KeyNames } from './key-names.ts';
import { clearEntries, listEntries } from './every-entry.ts';
import { RedisBodyStream } from './redis-body-stream.ts';
import { RedisEntries } from './redis-entries.ts';
import { takeLease } from './redis-lease.ts';
import { checkRedisOptions, type RedisManagerOptions } from './redis-options.ts';
import { RedisWriter } from './redis-writer.ts';
import { bytesOf } from './replies.ts';
import { isHalfOver, retentionMs, type Retention } from './retention.ts';
import { newRevision, readRevision, writeMetadata } from './stored-entry.ts';
import { StoredInRedis } from './stored-in-redis.ts';

const OWNER = 'RedisManager';

/**
 * Keeps stored responses in Redis or Valkey, for many processes on many machines. The client is yours: of the package `redis` or
 * of `ioredis`, for one server or a cluster.
 *
 * A response of up to 256 KiB is one key and one command; larger ones lie in chunks of that. Entries end by themselves when
 * they can be of no more use; how much is kept in all is up to the server (`maxmemory`). While Redis cannot be reached, every
 * request goes to the origin.
 *
 * @example
 * ```ts
 * import { createClient } from 'redis';
 * import { HttpCache } from 'http-larder';
 * import { RedisManager } from 'http-larder/redis';
 *
 * const client = createClient({ url: 'redis://127.0.0.1:6379' });
 * const cache = new HttpCache({ manager: new RedisManager({ client }) });
 * await client.connect();
 * ```
 */
export class RedisManager implements StreamingCacheManager {
  readonly scope = 'shared';
  /** The largest body that is kept, in bytes. */
  readonly maxEntrySize: number;
  /** Tells of what any process changes, by publish and subscribe. */
  readonly changes: ChangeSource;
  readonly #entries: RedisEntries;
  readonly #feed: ChangeFeed;
  readonly #retention: Retention;
  readonly #inlineMax: number;
  #secret: Promise<Buffer> | undefined;

  /** @throws TypeError or RangeError for an option that is unknown or cannot be used. */
  constructor(options: RedisManagerOptions) {
    const { port, prefix, maxEntrySize, inlineMax, retention } = checkRedisOptions(OWNER, options);
    const names = new KeyNames(prefix);
    this.maxEntrySize = maxEntrySize;
    this.#inlineMax = inlineMax;
    this.#entries = new RedisEntries(port, names);
    this.#feed = new ChangeFeed(port, names);
    this.changes = this.#feed;
    this.#retention = retention;
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    try {
      const stored = await this.getStream(cacheKey);
      if (stored === undefined) return undefined;
      const { head, policy, size } = stored;
      const body = stored.body ?? (await gathered(this.streamResponse(stored), size));
      return { response: { ...head, body }, policy };
    } catch (error) {
      if (isHttpCacheError(error) && error.code === 'ERR_HTTP_CACHE_CORRUPT_ENTRY') return undefined;
      throw error;
    }
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    const { body, ...head } = response;
    if (body.byteLength > this.maxEntrySize) throw entryTooLarge(cacheKey, this.maxEntrySize);
    const writer = this.putStream(cacheKey, head, policy, { size: body.byteLength });
    try {
      await writer.write(body);
      await writer.commit();
    } catch (error) {
      await writer.abort(error);
      throw error;
    }
    return response;
  }

  async delete(cacheKey: string, token?: string): Promise<void> {
    const keys = this.#entries.keysOf(cacheKey);
    if (token !== undefined) {
      await this.#entries.remove(keys, token);
      return;
    }
    let there: string | undefined = await this.#entries.token(keys);
    while (there !== undefined && there !== '') there = await this.#entries.remove(keys, there);
  }

  async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    const stored = await this.#entries.find(this.#entries.keysOf(cacheKey));
    if (stored !== undefined && isHalfOver(stored.policy, stored.at)) this.#prolong(stored);
    return stored;
  }

  putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
    options: { readonly size?: number } = {},
  ): CacheWriter {
    const keys = this.#entries.keysOf(cacheKey);
    return new RedisWriter(this.#entries, {
      keys,
      metadata: writeMetadata(cacheKey, head, policy),
      ttlMs: retentionMs(policy, this.#retention),
      size: options.size,
      maxEntrySize: this.maxEntrySize,
      inlineMax: this.#inlineMax,
      token: this.#entries.token(keys),
    });
  }

  streamResponse(stored: StoredResponse, range?: ByteRange): Readable {
    if (!(stored instanceof StoredInRedis)) {
      throw new TypeError(
        'This stored response is not from a RedisManager: stream it with the manager that gave it',
      );
    }
    const { body, bodyKey, size, cacheKey, token } = stored;
    const slice = sliceOf(size, range);
    if (body !== undefined || bodyKey === undefined) return streamBytes(body ?? Buffer.alloc(0), slice);
    return new RedisBodyStream({
      port: this.#entries.port,
      key: bodyKey,
      size,
      slice,
      onDamage: () => void this.delete(cacheKey, token).catch(() => undefined),
    });
  }

  readWhileWriting(writer: CacheWriter, start: number = 0): Readable {
    if (writer instanceof RedisWriter) return writer.follow(start);
    throw new TypeError('This writer is not from a RedisManager: follow it with the manager that gave it');
  }

  async updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<string | undefined> {
    const revision = readRevision(token);
    if (revision === undefined) return undefined;
    return this.#entries.update(this.#entries.keysOf(cacheKey), revision, {
      token: newRevision(revision.size, revision.body).token,
      metadata: writeMetadata(cacheKey, head, policy),
      ttlMs: retentionMs(policy, this.#retention),
    });
  }

  /** Goes through the keys of every server in steps, while others go on: what is stored meanwhile may be left out. */
  entries(): AsyncGenerator<CacheEntrySummary, void, undefined> {
    return listEntries(this.#entries);
  }

  /** Removes all entries under the prefix in steps, while others go on: what is stored meanwhile may stay. */
  async clear(): Promise<void> {
    await clearEntries(this.#entries);
  }

  lease(cacheKey: string, options: LeaseOptions): Promise<Lease | undefined> {
    return takeLease(this.#entries, cacheKey, options);
  }

  async secret(): Promise<Uint8Array> {
    this.#secret ??= this.#sharedSecret();
    try {
      return Uint8Array.from(await this.#secret);
    } catch (error) {
      this.#secret = undefined;
      throw error;
    }
  }

  /** Ends the subscription. The client is yours to close. */
  async close(): Promise<void> {
    this.#feed.stop();
  }

  /** What leads to other entries lives as long as it is used. */
  #prolong({ cacheKey, head, policy, token }: StoredInRedis): void {
    const revision = readRevision(token);
    if (revision === undefined) return;
    const metadata = writeMetadata(cacheKey, head, policy);
    const ttlMs = retentionMs(policy, this.#retention);
    this.#entries
      .update(this.#entries.keysOf(cacheKey), revision, { token, metadata, ttlMs })
      .catch(() => undefined);
  }

  async #sharedSecret(): Promise<Buffer> {
    const { names, port } = this.#entries;
    await port.send(names.secret, ['SET', names.secret, randomBytes(32), 'NX']);
    const secret = bytesOf(await port.send(names.secret, ['GET', names.secret]));
    // Evicted between the two: the next one asks again.
    if (secret === undefined)
      throw new Error('Redis evicted the secret as it was made: give the server more memory');
    return secret;
  }
}

async function gathered(stream: Readable, size: number): Promise<Buffer> {
  const body = Buffer.allocUnsafeSlow(size);
  let length = 0;
  for await (const chunk of stream) length += (chunk as Buffer).copy(body, length);
  return body;
}
