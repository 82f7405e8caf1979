import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { HttpCacheError } from '../errors.ts';
import type { HttpResponse, HttpResponseHead } from '../core/message.ts';
import type { CachePolicy } from '../core/policy-types.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheManager,
  CacheWriter,
  StoredResponse,
  StreamingCacheManager,
} from './manager.ts';
import { BufferingWriter } from './buffering-writer.ts';
import { frozenCopy } from './frozen-copy.ts';

const defaultMaxEntrySize = 8 * 1024 * 1024;

/** What a streaming manager has beyond the three methods. */
export type StreamingMethods = Pick<
  StreamingCacheManager,
  'getStream' | 'putStream' | 'streamResponse' | 'updateMetadata' | 'readWhileWriting'
>;

interface Update {
  readonly token: string;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
}

/**
 * The streaming methods over a manager that has only `get`, `put` and `delete`: bodies up to its `maxEntrySize` (8 MiB
 * where it names none) are gathered in memory and put whole at the commit.
 */
export class BufferedManager implements StreamingMethods {
  readonly #manager: CacheManager;
  /** The last update under way, by key: of two with one token, one holds. */
  readonly #updates = new Map<string, Promise<unknown>>();
  /** The largest body that is kept, in bytes. */
  readonly maxEntrySize: number;

  constructor(manager: CacheManager) {
    this.#manager = manager;
    this.maxEntrySize = manager.maxEntrySize ?? defaultMaxEntrySize;
  }

  async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    const entry = await this.#manager.get(cacheKey);
    if (entry === undefined) return undefined;
    if (!isEntry(entry)) {
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_CORRUPT_ENTRY',
        `The manager gave ${inspect(entry, { depth: -1, maxStringLength: 60 })} for ${JSON.stringify(cacheKey)}: give { response, policy }, or undefined`,
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
    // Copied now: the caller may do what it likes with its own while the body comes.
    const { value } = frozenCopy({ head, policy });
    return new BufferingWriter(this.maxEntrySize, async (body, trailers = value.head.trailers) => {
      await this.#manager.put(cacheKey, { ...value.head, trailers, body }, value.policy);
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
    const before = this.#updates.get(cacheKey);
    const update = this.#update(cacheKey, { token, head, policy }, before);
    this.#updates.set(cacheKey, update);
    try {
      return await update;
    } finally {
      if (this.#updates.get(cacheKey) === update) this.#updates.delete(cacheKey);
    }
  }

  async #update(
    cacheKey: string,
    { token, head, policy }: Update,
    before: Promise<unknown> | undefined,
  ): Promise<string | undefined> {
    // Who failed before was told.
    await before?.catch(() => undefined);
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
