import type { Readable } from 'node:stream';
import { HttpCacheError } from '../../errors.ts';
import { sliceOf } from '../byte-range.ts';
import { streamBytes } from '../bytes-stream.ts';
import type { CacheEntrySummary } from '../manager.ts';
import { BodyStream } from './bodies/body-stream.ts';
import { resolveDiskOptions, type StreamingManagerOptions } from './disk-options.ts';
import { listEntries } from './entries/list-entries.ts';
import { keyHash } from './format/layout.ts';
import { openStore } from './open-store.ts';
import type { StoreParts } from './store-parts.ts';
import { resolveVerifyOptions, type VerifyOptions } from './verify/verify-options.ts';
import type { VerifyReport } from './verify/verify-report.ts';
import { verifyStore } from './verify/verify-store.ts';

/**
 * Looks into the store in a folder and changes nothing there, if only a time: it makes nothing that is missing, leaves what
 * is damaged, and what it reads does not count as used. It holds nothing open.
 */
export class StoreReader {
  readonly #parts: StoreParts;

  /**
   * @throws TypeError for an option that cannot be used.
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` for a folder that cannot.
   */
  constructor(options: Pick<StreamingManagerOptions, 'path' | 'trustDirectory'>) {
    this.#parts = openStore(resolveDiskOptions(options), 'reading');
  }

  /** Reads entry after entry. What comes or goes meanwhile may or may not be among them. */
  entries(): AsyncGenerator<CacheEntrySummary, void, undefined> {
    return listEntries(this.#parts.layout, this.#parts.options.io);
  }

  /**
   * The body of an entry, every byte of it checked before it is given; `undefined` when there is no such entry. A damaged
   * one rejects, or ends the stream, with `ERR_HTTP_CACHE_CORRUPT_ENTRY`.
   */
  async body(cacheKey: string): Promise<Readable | undefined> {
    const onDamaged = (): HttpCacheError => damagedError(cacheKey);
    const stored = await this.#parts.reader.find({ cacheKey, keyHash: keyHash(cacheKey), onDamaged });
    if (stored === undefined) return undefined;
    const { body, table, size } = stored;
    const slice = sliceOf(size, undefined);
    if (body !== undefined) return streamBytes(body, slice);
    const descriptor = stored.takeDescriptor();
    if (descriptor === undefined || table === undefined) throw onDamaged();
    return new BodyStream({
      descriptor,
      size,
      table,
      slice,
      onCorrupt: async () => await Promise.resolve(onDamaged()),
    });
  }

  /** Reads all that is stored, and reports what is wrong with it. */
  async verify(options: Omit<VerifyOptions, 'mend'>): Promise<VerifyReport> {
    const resolved = resolveVerifyOptions({ ...options, mend: false });
    return await verifyStore(this.#parts, resolved, new AbortController().signal);
  }
}

function damagedError(cacheKey: string): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_CORRUPT_ENTRY',
    `What is stored for ${JSON.stringify(cacheKey)} is damaged: the next program that asks for it drops it`,
  );
}
