import { resolve } from 'node:path';
import { isError } from '../../core/is-error.ts';
import type cacachePackage from 'cacache';
import type { HttpResponse } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { HttpCacheError } from '../../errors.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import { quoted, refuseUnknownOptions, wholeNumber } from '../manager-options.ts';
import type { CacheEntry, CacheEntrySummary, CacheManager, ManagerStats } from '../manager.ts';
import { CacacheLimits, removeEntry } from './cacache-limits.ts';
import { isLine, isMetadata, type Metadata } from './stored-lines.ts';

/** Options of a {@link CacacheManager}. */
export interface CacacheManagerOptions {
  /** The folder of the cacache; made if it is not there. `clear` removes all that cacache has in it. */
  readonly path: string;
  /**
   * Bytes of bodies in the folder that are ours.
   * @defaultValue 256 MiB
   */
  readonly maxSize?: number;
  /**
   * The most entries of ours in the folder.
   * @defaultValue 10 000
   */
  readonly maxEntries?: number;
  /**
   * The largest body, in bytes; at most `maxSize`. Bodies are held in memory while they are stored and read.
   * @defaultValue 8 MiB, or `maxSize` when that is less
   */
  readonly maxEntrySize?: number;
}

type Cacache = typeof cacachePackage;

const OWNER = 'CacacheManager';

const MIB = 1024 * 1024;

/** Errors of cacache that say that content is damaged. */
const DAMAGED: ReadonlySet<unknown> = new Set(['EINTEGRITY', 'EBADSIZE']);

/**
 * Keeps stored responses with npm's [cacache](https://www.npmjs.com/package/cacache), which has to be installed beside
 * this package: bodies as content by digest, heads and policies in the index. It is the worked example of a manager of
 * three methods. What was stored longest ago goes first when a limit is reached. Content that was replaced or deleted is
 * removed some puts later, or by `cacache.verify(path)`; for bodies of any size, counted exactly, use `StreamingManager`.
 *
 * @example
 * ```ts
 * import { HttpCache } from 'http-larder';
 * import { CacacheManager } from 'http-larder/cacache';
 *
 * const cache = new HttpCache({ manager: new CacacheManager({ path: '.cache/cacache' }) });
 * ```
 */
export class CacacheManager implements CacheManager {
  readonly scope = 'shared';
  /** The largest body that is kept, in bytes. */
  readonly maxEntrySize: number;
  readonly #path: string;
  readonly #limits: CacacheLimits;
  readonly #maxSize: number;
  readonly #maxEntries: number;
  #cacache: Promise<Cacache> | undefined;

  /** @throws TypeError or RangeError for an option that is unknown or cannot be used. */
  constructor(options: CacacheManagerOptions) {
    refuseUnknownOptions(OWNER, options, ['path', 'maxSize', 'maxEntries', 'maxEntrySize']);
    if (typeof options.path !== 'string' || options.path === '') {
      throw new TypeError(
        `${OWNER}: path is ${quoted(options.path)}: give the folder to keep responses in, as a text`,
      );
    }
    this.#path = resolve(options.path);
    const bytes = { owner: OWNER, unit: 'bytes', least: 1 };
    this.#maxSize = wholeNumber(options.maxSize, { ...bytes, name: 'maxSize', fallback: 256 * MIB });
    this.#maxEntries = wholeNumber(options.maxEntries, {
      owner: OWNER,
      unit: 'entries',
      least: 1,
      name: 'maxEntries',
      fallback: 10_000,
    });
    this.maxEntrySize = wholeNumber(options.maxEntrySize, {
      ...bytes,
      name: 'maxEntrySize',
      fallback: Math.min(8 * MIB, this.#maxSize),
    });
    if (this.maxEntrySize > this.#maxSize) {
      throw new RangeError(
        `${OWNER}: maxEntrySize is ${this.maxEntrySize}, more than maxSize, which is ${this.#maxSize}: raise maxSize or lower maxEntrySize`,
      );
    }
    this.#limits = new CacacheLimits(this.#path, { maxSize: this.#maxSize, maxEntries: this.#maxEntries });
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const cacache = await this.#load();
    const line = await cacache.get.info(this.#path, cacheKey);
    if (!isMetadata(line?.metadata)) return undefined;
    const body = await this.#readBody(cacache, line.integrity);
    if (body === undefined) return undefined;
    const { head, policy } = line.metadata;
    return { response: { ...head, body }, policy };
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    const { body, ...head } = response;
    if (body.byteLength > this.maxEntrySize) throw entryTooLarge(cacheKey, this.maxEntrySize);
    const metadata: Metadata = { httpLarder: 1, head, policy };
    const cacache = await this.#load();
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    await this.#limits.reserve(cacache, bytes.byteLength);
    const before = await cacache.get.info(this.#path, cacheKey);
    await cacache.put(this.#path, cacheKey, bytes, { metadata, algorithms: ['sha256'] });
    if (before !== null) this.#limits.loosen(before.integrity);
    return response;
  }

  async delete(cacheKey: string): Promise<void> {
    const cacache = await this.#load();
    const before = await cacache.get.info(this.#path, cacheKey);
    if (before === null) return;
    await removeEntry(cacache, this.#path, cacheKey);
    this.#limits.loosen(before.integrity);
  }

  async *entries(): AsyncGenerator<CacheEntrySummary, void, undefined> {
    const cacache = await this.#load();
    // Its types take the lines of the stream for the object that `ls` gives.
    const lines: AsyncIterable<unknown> = cacache.ls.stream(this.#path);
    for await (const line of lines) {
      if (!isLine(line) || !isMetadata(line.metadata)) continue;
      const { head, policy } = line.metadata;
      yield { cacheKey: line.key, head, policy, size: line.size };
    }
  }

  async clear(): Promise<void> {
    const cacache = await this.#load();
    await cacache.rm.all(this.#path);
    this.#limits.forget();
  }

  async stats(): Promise<ManagerStats> {
    const { entries, bytes } = await this.#limits.held(await this.#load());
    const { evictions } = this.#limits;
    return { entries, bytes, maxEntries: this.#maxEntries, maxBytes: this.#maxSize, evictions };
  }

  async #readBody(cacache: Cacache, integrity: string): Promise<Buffer | undefined> {
    try {
      return await cacache.get.byDigest(this.#path, integrity);
    } catch (error) {
      const code = isError(error) && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT') return undefined;
      if (!DAMAGED.has(code)) throw error;
      // cacache never writes over content that is there, so what is damaged would stay so for ever.
      await cacache.rm.content(this.#path, integrity);
      return undefined;
    }
  }

  async #load(): Promise<Cacache> {
    this.#cacache ??= import('cacache').then((module) => module.default);
    try {
      return await this.#cacache;
    } catch (error) {
      this.#cacache = undefined;
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_MANAGER',
        'CacacheManager cannot load the package cacache: install it with npm install cacache',
        { cause: error },
      );
    }
  }
}
