import { Readable } from 'node:stream';
import { HttpCacheError } from '../errors.ts';
import { show } from './check-option.ts';
import type { HttpResponse, HttpResponseHead } from '../core/message.ts';
import type { CachePolicy } from '../core/policy-types.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheManager,
  CacheWriter,
  StoredResponse,
  StreamingCacheManager,
} from '../managers/manager.ts';
import { BufferingWriter } from './buffering-writer.ts';

const defaultMaxEntrySize = 8 * 1024 * 1024;

/** What the engine asks of a streaming manager beyond the three methods. */
export type StreamingMethods = Pick<
  StreamingCacheManager,
  'getStream' | 'putStream' | 'streamResponse' | 'updateMetadata' | 'readWhileWriting'
>;

/**
 * The streaming methods over a manager that has only `get`, `put` and `delete`: bodies up to its `maxEntrySize` (8 MiB
 * where it names none) are gathered in memory and put whole at the commit.
 */
export class BufferedManager implements StreamingMethods {
  readonly #manager: CacheManager;
  readonly #maxEntrySize: number;

  constructor(manager: CacheManager) {
    this.#manager = manager;
    this.#maxEntrySize = manager.maxEntrySize ?? defaultMaxEntrySize;
  }

  async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    const entry = await this.#manager.get(cacheKey);
    if (entry === undefined) return undefined;
    if (!isEntry(entry)) {
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_CORRUPT_ENTRY',
        `The manager gave ${show(entry)} for ${show(cacheKey)}: give { response, policy }, or undefined`,
      );
    }
    const { body, ...head } = entry.response;
    return {
      head,
      policy: entry.policy,
      token: revision(entry.policy),
      size: body.byteLength,
      // A view of its own: to the engine one object stands for the same bytes, and a manager may use its own again.
      body: body.subarray(),
      release: () => undefined,
    };
  }

  putStream(cacheKey: string, head: HttpResponseHead, policy: CachePolicy): CacheWriter {
    return new BufferingWriter(this.#maxEntrySize, async (body, trailers) => {
      await this.#manager.put(cacheKey, { ...head, trailers: trailers ?? head.trailers, body }, policy);
    });
  }

  streamResponse(stored: StoredResponse, range?: ByteRange): Readable {
    const body = stored.body ?? new Uint8Array();
    const part = range === undefined ? body : body.subarray(range.start, range.end + 1);
    return Readable.from(part.byteLength === 0 ? [] : [Buffer.from(part)], { objectMode: false });
  }

  readWhileWriting(writer: CacheWriter, start: number = 0): Readable {
    if (writer instanceof BufferingWriter) return writer.follow(start);
    throw new TypeError('This writer gathers nothing in memory: follow it with the manager that gave it');
  }

  /** As exact as three methods allow: what another process puts between its `get` and its `put` is overwritten. */
  async updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<string | undefined> {
    const entry = await this.#manager.get(cacheKey);
    if (entry === undefined || revision(entry.policy) !== token) return undefined;
    const response: HttpResponse = { ...head, body: entry.response.body };
    await this.#manager.put(cacheKey, response, policy);
    return revision(policy);
  }
}

function isEntry(entry: unknown): entry is CacheEntry {
  if (typeof entry !== 'object' || entry === null || !('response' in entry) || !('policy' in entry))
    return false;
  const { response, policy } = entry;
  const body: unknown =
    typeof response === 'object' && response !== null ? Reflect.get(response, 'body') : undefined;
  return body instanceof Uint8Array && typeof policy === 'object' && policy !== null;
}

/** A freshened response keeps its id, so the time it was freshened at tells its revisions apart. */
function revision(policy: CachePolicy): string {
  return policy.kind === 'response' ? `${policy.id}@${policy.responseTime}` : policy.id;
}
