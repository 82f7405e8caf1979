import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { HttpResponse, HttpResponseHead } from '../../src/core/message.ts';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import { HttpCacheError } from '../../src/errors.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheEntrySummary,
  CacheWriter,
  CommitOptions,
  Lease,
  LeaseOptions,
  ManagerStats,
  StoredResponse,
  StreamingCacheManager,
} from '../../src/managers/manager.ts';
import type { ConformanceLimits } from '../../src/testing/index.ts';

/** An entry of a {@link MapManager}. */
export interface MapEntry {
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  readonly body: Uint8Array;
  readonly token: string;
}

/** A body that is written. */
export interface GrowingBody {
  readonly chunks: readonly Uint8Array[];
  end: 'open' | 'whole' | 'aborted';
  readonly changed: EventEmitter;
}

/** A writer, with what was written through it. */
export interface MapWriter extends CacheWriter {
  readonly body: GrowingBody;
}

/** A correct manager in a few lines, for breaking in one place at a time. */
export class MapManager implements StreamingCacheManager {
  readonly maxEntrySize: number;
  readonly map = new Map<string, MapEntry>();
  protected readonly leases = new Map<string, { until: number; readonly isOpen: boolean }>();
  protected readonly maxEntries: number;
  protected readonly maxSize: number;
  #tokens = 0;

  constructor({ maxEntrySize = 2 ** 24, maxEntries = 1_000, maxSize = 2 ** 30 }: ConformanceLimits = {}) {
    this.maxEntrySize = maxEntrySize;
    this.maxEntries = maxEntries;
    this.maxSize = maxSize;
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const entry = this.lookUp(cacheKey);
    if (entry === undefined) return undefined;
    const { head, policy, body } = structuredClone(entry);
    return { response: { ...head, body }, policy };
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    const { body, ...head } = response;
    const writer = await this.putStream(cacheKey, head, policy);
    await writer.write(body);
    await writer.commit();
    return response;
  }

  async delete(cacheKey: string): Promise<void> {
    this.map.delete(cacheKey);
  }

  async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    const entry = this.lookUp(cacheKey);
    if (entry === undefined) return undefined;
    return { ...structuredClone(entry), size: entry.body.length, release() {} };
  }

  async putStream(cacheKey: string, head: HttpResponseHead, policy: CachePolicy): Promise<MapWriter> {
    const kept = structuredClone({ head, policy });
    const chunks: Uint8Array[] = [];
    const body: GrowingBody = { chunks, end: 'open', changed: new EventEmitter().setMaxListeners(0) };
    const end = (how: GrowingBody['end']): void => {
      if (body.end === 'open') body.end = how;
      body.changed.emit('change');
    };
    return {
      body,
      write: async (chunk) => {
        this.checkSize(cacheKey, chunks, chunk);
        chunks.push(Uint8Array.from(chunk));
        body.changed.emit('change');
      },
      commit: async ({ onlyIf, trailers }: CommitOptions = {}) => {
        if (body.end !== 'open') throw new HttpCacheError('ERR_HTTP_CACHE_MANAGER', 'The writer has ended');
        end('whole');
        if (onlyIf !== undefined && !(await onlyIf())) return false;
        const whole = trailers === undefined ? kept.head : { ...kept.head, trailers };
        this.publish(cacheKey, { ...kept, head: whole, body: Uint8Array.from(Buffer.concat(chunks)) });
        return true;
      },
      abort: async () => end('aborted'),
    };
  }

  readWhileWriting(writer: CacheWriter, start: number = 0): Readable {
    if (!isMapWriter(writer)) throw new TypeError('This writer is of another manager');
    if (writer.body.end !== 'open')
      throw new HttpCacheError('ERR_HTTP_CACHE_MANAGER', 'The writer has ended');
    return this.follow(writer.body, start);
  }

  streamResponse(stored: StoredResponse, range?: ByteRange): Readable {
    const { start, end } = range ?? { start: 0, end: stored.size - 1 };
    return Readable.from([Buffer.from(stored.body?.subarray(start, end + 1) ?? [])], { objectMode: false });
  }

  async updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<string | undefined> {
    const entry = this.map.get(cacheKey);
    if (entry?.token !== token) return undefined;
    return this.publish(cacheKey, { ...structuredClone({ head, policy }), body: entry.body });
  }

  async *entries(): AsyncGenerator<CacheEntrySummary> {
    for (const [cacheKey, { head, policy, body }] of this.map)
      yield { cacheKey, head, policy, size: body.length };
  }

  async clear(): Promise<void> {
    this.map.clear();
  }

  stats(): ManagerStats {
    return {
      entries: this.map.size,
      bytes: this.bytes(),
      maxEntries: this.maxEntries,
      maxBytes: this.maxSize,
      evictions: 0,
    };
  }

  async close(): Promise<void> {}

  secret(): Uint8Array {
    return Uint8Array.from({ length: 32 }, (_, index) => index * 7);
  }

  lease(cacheKey: string, { ttlMs }: LeaseOptions): Lease | undefined {
    const now = performance.now();
    const found = this.leases.get(cacheKey);
    if (found !== undefined && now < found.until) {
      return found.isOpen ? { renew: () => true, release: () => undefined } : undefined;
    }
    const mine = { until: now + ttlMs, isOpen: false };
    this.leases.set(cacheKey, mine);
    const isMine = (): boolean => this.leases.get(cacheKey) === mine;
    return {
      renew: () => {
        if (isMine()) mine.until = performance.now() + ttlMs;
        return isMine();
      },
      release: ({ openForMs = 0 } = {}) => {
        if (!isMine()) return;
        this.leases.set(cacheKey, { until: performance.now() + openForMs, isOpen: true });
      },
    };
  }

  protected follow(body: GrowingBody, start: number): Readable {
    let position = start;
    const goOn = (): void => {
      const bytes = Buffer.concat(body.chunks).subarray(position, position + 65_536);
      position += bytes.length;
      if (bytes.length > 0) stream.push(bytes);
      else if (body.end === 'open') body.changed.once('change', goOn);
      else if (body.end === 'whole') stream.push(null);
      else if (stream.readableLength > 0) stream.push(bytes);
      else stream.destroy(new HttpCacheError('ERR_HTTP_CACHE_INCOMPLETE_BODY', 'The writer was aborted'));
    };
    const stream = new Readable({
      read: goOn,
      destroy(error, callback) {
        body.changed.off('change', goOn);
        callback(error);
      },
    });
    return stream;
  }

  protected lookUp(cacheKey: string): MapEntry | undefined {
    return this.map.get(cacheKey);
  }

  protected checkSize(cacheKey: string, chunks: readonly Uint8Array[], chunk: Uint8Array): void {
    const size = chunks.reduce((sum, { length }) => sum + length, chunk.length);
    if (size > this.maxEntrySize)
      throw new HttpCacheError('ERR_HTTP_CACHE_ENTRY_TOO_LARGE', `${cacheKey} is too large`);
  }

  protected publish(cacheKey: string, entry: Omit<MapEntry, 'token'>): string {
    const token = String(++this.#tokens);
    this.map.delete(cacheKey);
    this.map.set(cacheKey, { ...entry, token });
    this.evict();
    return token;
  }

  protected evict(): void {
    for (const cacheKey of this.map.keys()) {
      if (this.map.size <= this.maxEntries && this.bytes() <= this.maxSize) break;
      this.map.delete(cacheKey);
    }
  }

  protected bytes(): number {
    return [...this.map.values()].reduce((sum, { body }) => sum + body.length, 0);
  }
}

function isMapWriter(writer: CacheWriter): writer is MapWriter {
  return 'body' in writer;
}
