import { resolve } from 'node:path';
import { inspect } from 'node:util';
import type cacachePackage from 'cacache';
import type { HttpResponse, HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { HttpCacheError } from '../../errors.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import { refuseUnknownOptions, wholeNumber } from '../manager-options.ts';
import type { CacheEntry, CacheEntrySummary, CacheManager } from '../manager.ts';

/** Options of a {@link CacacheManager}. */
export interface CacacheManagerOptions {
  /** The folder of the cacache; made if it is not there. `clear` removes all that cacache has in it. */
  readonly path: string;
  /**
   * The largest body, in bytes. Bodies are held in memory while they are stored and read.
   * @defaultValue 8 MiB
   */
  readonly maxEntrySize?: number;
}

/** What stands beside a body, as the metadata of its line in cacache's index. */
interface Metadata {
  readonly httpLarder: 1;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
}

type Cacache = typeof cacachePackage;

const OWNER = 'CacacheManager';

/** Errors of cacache that say that content is damaged. */
const DAMAGED: ReadonlySet<unknown> = new Set(['EINTEGRITY', 'EBADSIZE']);

/**
 * Keeps stored responses with npm's [cacache](https://www.npmjs.com/package/cacache), which has to be installed beside
 * this package: bodies as content by digest, heads and policies in the index. It is the worked example of a manager of
 * three methods. It knows no limits and keeps replaced content until `cacache.verify(path)` is run; for bodies of any
 * size, within limits, use `StreamingManager`.
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
  #cacache: Promise<Cacache> | undefined;

  /** @throws TypeError or RangeError for an option that is unknown or cannot be used. */
  constructor(options: CacacheManagerOptions) {
    refuseUnknownOptions(OWNER, options, ['path', 'maxEntrySize']);
    if (typeof options.path !== 'string' || options.path === '') {
      throw new TypeError(`${OWNER}: path is ${inspect(options.path)}: give the folder to keep responses in`);
    }
    this.#path = resolve(options.path);
    this.maxEntrySize = wholeNumber(options.maxEntrySize, {
      owner: OWNER,
      name: 'maxEntrySize',
      unit: 'bytes',
      least: 1,
      fallback: 8 * 1024 * 1024,
    });
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
    await cacache.put(this.#path, cacheKey, bytes, { metadata, algorithms: ['sha256'] });
    return response;
  }

  async delete(cacheKey: string): Promise<void> {
    const cacache = await this.#load();
    // The content stays: entries of other keys may have the same.
    await cacache.rm.entry(this.#path, cacheKey);
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
  }

  async #readBody(cacache: Cacache, integrity: string): Promise<Buffer | undefined> {
    try {
      return await cacache.get.byDigest(this.#path, integrity);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
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

interface Line {
  readonly key: string;
  readonly size: number;
  readonly metadata: unknown;
}

function isLine(value: unknown): value is Line {
  return (
    typeof value === 'object' && value !== null && 'key' in value && 'size' in value && 'metadata' in value
  );
}

/** Whether a line of the index is ours: the folder may be used by others too. */
function isMetadata(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && 'httpLarder' in value && value.httpLarder === 1;
}
