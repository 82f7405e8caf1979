import { HttpCacheError, isHttpCacheError } from '../../errors.ts';
import type { KeyNames } from './key-names.ts';
import { GRACE_MS } from './kept-alive.ts';
import type { RedisPort } from './redis-port.ts';
import { bytesOf, listOf, numberOf, textOf } from './replies.ts';
import { PUBLISH, REMOVE, run, UPDATE } from './scripts.ts';
import { chunksOf, damaged, readMetadata, readRevision, type Revision } from './stored-entry.ts';
import { StoredInRedis } from './stored-in-redis.ts';

/** Where an entry is. */
export interface EntryKeys {
  /** The key that the response is stored under. */
  readonly cacheKey: string;
  /** The key in Redis. */
  readonly entry: string;
}

/** What is published. */
export interface NewEntry {
  readonly revision: Revision;
  readonly metadata: string;
  /** For how many milliseconds it can be of use. */
  readonly ttlMs: number;
  /** How many chunks of it are in Redis; 0 where the body goes with the entry. */
  readonly chunks: number;
  readonly bytes: Buffer | undefined;
}

/** What is told of a change. */
export type ChangeMessage = { readonly key: string } | { readonly all: true };

/**
 * Entries in Redis. Each change is one script, which compares the revision first, changes the entry, has the body of the one
 * before end by itself, and tells those who listen.
 */
export class RedisEntries {
  readonly names: KeyNames;
  readonly #port: RedisPort;

  constructor(port: RedisPort, names: KeyNames) {
    this.#port = port;
    this.names = names;
  }

  /** The client. @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` while it is not connected: what is sent then would wait. */
  get port(): RedisPort {
    if (!this.#port.isDown) return this.#port;
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      'Redis is not connected: requests go to the origin until the client is connected again',
    );
  }

  /** Where the entry of a key is. */
  keysOf(cacheKey: string): EntryKeys {
    return { cacheKey, entry: this.names.entry(cacheKey) };
  }

  /** Where a large body is. */
  bodyKey({ entry }: EntryKeys, name: string): string {
    return this.names.body(entry, name);
  }

  /** The token that lies there, `''` for none. */
  async token({ entry }: EntryKeys): Promise<string> {
    return textOf(await this.port.send(entry, ['HGET', entry, 't'])) ?? '';
  }

  /** What lies there. @throws HttpCacheError with `ERR_HTTP_CACHE_CORRUPT_ENTRY` for what is damaged, and dropped. */
  async find(keys: EntryKeys): Promise<StoredInRedis | undefined> {
    const { entry } = keys;
    const reply = await this.port.send(entry, ['HMGET', entry, 't', 'm', 'b']);
    const [token, metadata, body] = listOf(reply).map(bytesOf);
    if (token === undefined) return undefined;
    const revision = readRevision(token.toString());
    try {
      if (revision === undefined || metadata === undefined) throw damaged();
      const parsed = readMetadata(metadata.toString());
      if (parsed.cacheKey !== keys.cacheKey) return undefined;
      if (revision.body === undefined && body?.length !== revision.size) throw damaged();
      const bodyKey = revision.body === undefined ? undefined : this.bodyKey(keys, revision.body);
      const stored = new StoredInRedis(entry, parsed, revision, {
        bytes: bodyKey === undefined ? body : undefined,
        key: bodyKey,
      });
      if (bodyKey === undefined || (await this.#isWhole(bodyKey, revision.size))) return stored;
    } catch (error) {
      // What Redis did not answer says nothing of what is there.
      if (isHttpCacheError(error) && error.code === 'ERR_HTTP_CACHE_CORRUPT_ENTRY') {
        await this.remove(keys, token.toString());
      }
      throw error;
    }
    // Evicted by the server, which is not damage.
    await this.remove(keys, token.toString());
    return undefined;
  }

  /** Makes an entry visible in place of the revision that is expected; gives the token that is there when it is another one. */
  async publish(keys: EntryKeys, expected: string, entry: NewEntry): Promise<string | undefined> {
    const { revision, metadata, ttlMs, chunks, bytes } = entry;
    const answer = await run(
      this.port,
      PUBLISH,
      [keys.entry, this.#bodyOf(keys, revision.token), this.#bodyOf(keys, expected)],
      [
        expected,
        revision.token,
        metadata,
        ttlMs,
        ...this.#told(keys),
        chunks,
        ...(bytes === undefined ? [] : [bytes]),
      ],
    );
    if (Buffer.isBuffer(answer)) return answer.toString();
    if (numberOf(answer) === 1) return undefined;
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      `Redis evicted part of the body for ${JSON.stringify(keys.cacheKey)} while it was written: give it more memory, or lower maxEntrySize`,
    );
  }

  /** Replaces the metadata of a revision; `undefined` when another one is there. */
  async update(
    keys: EntryKeys,
    revision: Revision,
    changed: { readonly token: string; readonly metadata: string; readonly ttlMs: number },
  ): Promise<string | undefined> {
    const answer = await run(
      this.port,
      UPDATE,
      [keys.entry, this.#bodyOf(keys, revision.token)],
      [revision.token, changed.token, changed.metadata, changed.ttlMs, ...this.#told(keys)],
    );
    return numberOf(answer) === 1 ? changed.token : undefined;
  }

  /** Removes a revision; gives the token that is there when it is another one. */
  async remove(keys: EntryKeys, expected: string): Promise<string | undefined> {
    const answer = await run(
      this.port,
      REMOVE,
      [keys.entry, this.#bodyOf(keys, expected)],
      [expected, ...this.#told(keys)],
    );
    return Buffer.isBuffer(answer) ? answer.toString() : undefined;
  }

  async #isWhole(bodyKey: string, size: number): Promise<boolean> {
    return numberOf(await this.port.send(bodyKey, ['HLEN', bodyKey])) === chunksOf(size);
  }

  /** The key of a revision's body; where it has none, the entry's own, which scripts take for that. */
  #bodyOf(keys: EntryKeys, token: string): string {
    const name = readRevision(token)?.body;
    return name === undefined ? keys.entry : this.bodyKey(keys, name);
  }

  #told({ cacheKey }: EntryKeys): readonly [number, string, string] {
    const message: ChangeMessage = { key: cacheKey };
    return [GRACE_MS, this.names.changes, JSON.stringify(message)];
  }
}
