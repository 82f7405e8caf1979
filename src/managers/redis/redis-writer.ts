import type { Readable } from 'node:stream';
import { HttpCacheError } from '../../errors.ts';
import { endedWriter } from '../ended-writer.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import { Followers } from '../followers.ts';
import { incompleteBody } from '../incomplete-body.ts';
import type { CacheWriter, CommitOptions, MaybePromise } from '../manager.ts';
import { mayPublish } from '../publication.ts';
import type { EntryKeys, RedisEntries } from './redis-entries.ts';
import { SpilledBody } from './spilled-body.ts';
import { newName, newRevision, withTrailers } from './stored-entry.ts';

/** How often a publication is tried while others change the same entry. */
const ATTEMPTS = 8;

/** What a writer is for. */
export interface RedisWriterTarget {
  readonly keys: EntryKeys;
  /** Head and policy as text, taken when the writer was made. */
  readonly metadata: string;
  /** For how many milliseconds the entry can be of use. */
  readonly ttlMs: number;
  /** Length of the body, where known. */
  readonly size: number | undefined;
  /** The largest body that is kept, in bytes. */
  readonly maxEntrySize: number;
  /** The largest body that goes with its entry, in bytes. */
  readonly inlineMax: number;
  /** The token that lay there when the writer was made, `''` for none. */
  readonly token: Promise<string>;
}

/** Takes one body, and makes its entry visible in one step. */
export class RedisWriter implements CacheWriter {
  readonly #entries: RedisEntries;
  readonly #target: RedisWriterTarget;
  readonly #bodyName = newName();
  readonly #body: SpilledBody;
  #followers: Followers | undefined;
  #hasEnded = false;
  /** Whether the last word on the body is spoken, and what it was. */
  #outcome: 'published' | 'dropped' | undefined;

  constructor(entries: RedisEntries, target: RedisWriterTarget) {
    // Who commits hears of it. Before all else, as nobody commits where the rest of this throws.
    target.token.catch(() => undefined);
    this.#entries = entries;
    this.#target = target;
    this.#body = new SpilledBody(entries.port, entries.bodyKey(target.keys, this.#bodyName), target.size);
  }

  write(chunk: Uint8Array): MaybePromise<void> {
    this.#mustBeOpen('written to');
    const { keys, maxEntrySize, size = 0 } = this.#target;
    if (Math.max(size, this.#body.length + chunk.byteLength) > maxEntrySize) {
      this.#hasEnded = true;
      throw entryTooLarge(keys.cacheKey, maxEntrySize);
    }
    const written = this.#body.write(chunk);
    this.#followers?.grew();
    return written;
  }

  /** Reads the body from byte `start` on: what there is of it, and then what comes. */
  follow(start: number): Readable {
    this.#mustBeOpen('followed', 'look the response up');
    this.#followers ??= new Followers(this.#target.keys.cacheKey, this.#body, () => this.#letGo());
    return this.#followers.follow(start);
  }

  async commit(options?: CommitOptions): Promise<boolean> {
    this.#mustBeOpen('committed');
    this.#hasEnded = true;
    try {
      const { keys, size = this.#body.length } = this.#target;
      if (size !== this.#body.length) throw incompleteBody(keys.cacheKey, this.#body.length, size);
      this.#followers?.end();
      const chunks = await this.#body.finish(this.#target.inlineMax);
      const isPublished = await this.#publish(chunks, options);
      this.#end(isPublished ? 'published' : 'dropped');
      return isPublished;
    } catch (error) {
      this.#followers?.fail(error);
      this.#end('dropped');
      throw error;
    }
  }

  async abort(reason?: unknown): Promise<void> {
    this.#hasEnded = true;
    this.#followers?.fail(reason);
    this.#end('dropped');
  }

  async #publish(chunks: number, options: CommitOptions | undefined): Promise<boolean> {
    const { keys, ttlMs, token } = this.#target;
    const entry = {
      revision: newRevision(this.#body.length, chunks === 0 ? undefined : this.#bodyName),
      metadata: withTrailers(this.#target.metadata, options?.trailers),
      ttlMs,
      chunks,
      bytes: chunks === 0 ? this.#body.bytes : undefined,
    };
    let expected = await token;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const allowed = mayPublish(options);
      if (!(typeof allowed === 'boolean' ? allowed : await allowed)) return false;
      const found = await this.#entries.publish(keys, expected, entry);
      // A client may send it again after its connection was cut, where the answer to the first time got lost.
      if (found === undefined || found === entry.revision.token) return true;
      expected = found;
    }
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      `The entry for ${JSON.stringify(keys.cacheKey)} was changed ${ATTEMPTS} times while it was to be stored: it is not stored`,
    );
  }

  #end(outcome: 'published' | 'dropped'): void {
    this.#outcome ??= outcome;
    this.#letGo();
  }

  /** Who still reads the body has it for as long as that takes. */
  #letGo(): void {
    if (this.#outcome === undefined || (this.#followers?.count ?? 0) > 0) return;
    if (this.#outcome === 'published') this.#body.letGo();
    else this.#body.discard();
  }

  #mustBeOpen(attempt: string, remedy: string = 'start another with putStream'): void {
    if (this.#hasEnded) throw endedWriter(this.#target.keys.cacheKey, attempt, remedy);
  }
}
