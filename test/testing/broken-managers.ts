import { Readable } from 'node:stream';
import type { HttpResponse, HttpResponseHead } from '../../src/core/message.ts';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import type { CacheEntry, CacheManager, Lease, StoredResponse } from '../../src/managers/manager.ts';
import type { ConformanceLimits } from '../../src/testing/index.ts';
import { MapManager, type MapEntry, type MapWriter } from './map-manager.ts';

/** What makes a manager with limits. */
export type ManagerClass = new (limits: ConformanceLimits) => CacheManager;

/** Gives the body of whichever entry was stored last. */
export class BodyOfAnotherKey extends MapManager {
  protected override lookUp(cacheKey: string): MapEntry | undefined {
    const entry = super.lookUp(cacheKey);
    const last = [...this.map.values()].at(-1);
    return entry && last && { ...entry, body: last.body };
  }
}

/** Has names of its own for keys, which come out alike. */
export class KeysMadeAlike extends MapManager {
  protected override lookUp(cacheKey: string): MapEntry | undefined {
    return super.lookUp(cacheKey.normalize('NFC'));
  }
  protected override publish(cacheKey: string, entry: MapEntry): string {
    return super.publish(cacheKey.normalize('NFC'), entry);
  }
}

function changingHead(change: (head: HttpResponseHead) => HttpResponseHead): ManagerClass {
  return class extends MapManager {
    protected override publish(cacheKey: string, entry: MapEntry): string {
      return super.publish(cacheKey, { ...entry, head: change(entry.head) });
    }
  };
}

/** Keeps fields as an object does: one of each name. */
export const LostRepeatedField: ManagerClass = changingHead((head) => ({
  ...head,
  headers: Object.entries(Object.fromEntries(head.headers)),
}));

/** Sorts the fields. */
export const FieldOrderLost: ManagerClass = changingHead((head) => ({
  ...head,
  headers: head.headers.toSorted(([a], [b]) => (a < b ? -1 : 1)),
}));

/** Writes names in lower case. */
export const FieldCaseLost: ManagerClass = changingHead((head) => ({
  ...head,
  headers: head.headers.map(([name, value]) => [name.toLowerCase(), value] as const),
}));

/** Takes latin1 for UTF-8. */
export const BytesOfValuesLost: ManagerClass = changingHead((head) => ({
  ...head,
  headers: head.headers.map(
    ([name, value]) => [name, Buffer.from(value, 'latin1').toString('utf8')] as const,
  ),
}));

/** Knows no metadata. */
export const MetadataLost: ManagerClass = changingHead(({ metadata: _lost, ...head }) => head);

/** Rounds times, as a table of integers does. */
export class PolicyChanged extends MapManager {
  protected override publish(cacheKey: string, entry: MapEntry): string {
    const { policy } = entry;
    const changed =
      policy.kind === 'response' ? { ...policy, responseTime: Math.round(policy.responseTime) } : policy;
    return super.publish(cacheKey, { ...entry, policy: changed });
  }
}

/** Stores no more than a megabyte of a body. */
export class TruncatedBody extends MapManager {
  protected override publish(cacheKey: string, entry: MapEntry): string {
    return super.publish(cacheKey, { ...entry, body: entry.body.subarray(0, 1_000_000) });
  }
}

/** Takes an empty body for none. */
export class EmptyBodyLost extends MapManager {
  protected override lookUp(cacheKey: string): MapEntry | undefined {
    const entry = super.lookUp(cacheKey);
    return entry?.body.length === 0 ? undefined : entry;
  }
}

/** Publishes with the first chunk. */
export class VisibleBeforeCommit extends MapManager {
  override async putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<MapWriter> {
    const writer = await super.putStream(cacheKey, head, policy);
    return {
      ...writer,
      write: async (chunk) => {
        await writer.write(chunk);
        this.publish(cacheKey, { head, policy, body: Uint8Array.from(chunk) });
      },
    };
  }
}

/** Keeps the arrays and objects that it is given. */
export class AliasedInput extends MapManager {
  override async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    const { body, ...head } = response;
    this.checkSize(cacheKey, [], body);
    this.publish(cacheKey, { head, policy, body });
    return response;
  }
}

/** Gives the arrays and objects that it keeps. */
export class AliasedOutput extends MapManager {
  override async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const entry = this.lookUp(cacheKey);
    return entry && { response: { ...entry.head, body: entry.body }, policy: entry.policy };
  }
}

/** Keeps the chunks that it is given. */
export class AliasedChunks extends MapManager {
  override async putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<MapWriter> {
    const writer = await super.putStream(cacheKey, head, policy);
    const chunks: Uint8Array[] = [];
    return {
      ...writer,
      write: async (chunk) => void chunks.push(chunk),
      commit: async (options) => {
        for (const chunk of chunks) await writer.write(chunk);
        return await writer.commit(options);
      },
    };
  }
}

/** Streams the very bytes that it keeps. */
export class AliasedStream extends MapManager {
  override async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    const entry = this.lookUp(cacheKey);
    return entry && { ...structuredClone(entry), body: entry.body, size: entry.body.length, release() {} };
  }
  override streamResponse(stored: StoredResponse, range?: { start: number; end: number }): Readable {
    const { start, end } = range ?? { start: 0, end: stored.size - 1 };
    return Readable.from([stored.body?.subarray(start, end + 1) ?? new Uint8Array(0)], { objectMode: true });
  }
}

/** Updates whatever is there. */
export class OldTokenTaken extends MapManager {
  override async updateMetadata(
    cacheKey: string,
    _token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<string | undefined> {
    const entry = this.map.get(cacheKey);
    return await super.updateMetadata(cacheKey, entry?.token ?? '', head, policy);
  }
}

/** Looks at the token, and has forgotten what it said when it updates. */
export class TokenCheckedTooEarly extends MapManager {
  override async updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<string | undefined> {
    if ((await this.getStream(cacheKey))?.token !== token) return undefined;
    return await super.updateMetadata(cacheKey, this.map.get(cacheKey)?.token ?? '', head, policy);
  }
}

/** Gives the old token after an update. */
export class TokenKept extends MapManager {
  override async updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<string | undefined> {
    const entry = this.map.get(cacheKey);
    if (entry?.token !== token) return undefined;
    this.map.set(cacheKey, { ...structuredClone({ head, policy }), body: entry.body, token });
    return token;
  }
}

/** Evicts nothing. */
export class LimitsIgnored extends MapManager {
  protected override evict(): void {}
}

/** Evicts for what is put, and nothing for what is written. */
export class LimitsIgnoredByWriters extends MapManager {
  #putting = false;
  override async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    this.#putting = true;
    await super.put(cacheKey, response, policy);
    this.#putting = false;
    return response;
  }
  protected override evict(): void {
    if (this.#putting) super.evict();
  }
}

/** Takes bodies of any size. */
export class EntryLimitIgnored extends MapManager {
  protected override checkSize(): void {}
}

/** Refuses bodies that are too large with any error. */
export class WrongErrorForTooLarge extends MapManager {
  protected override checkSize(_cacheKey: string, chunks: readonly Uint8Array[], chunk: Uint8Array): void {
    const size = chunks.reduce((sum, { length }) => sum + length, chunk.length);
    if (size > this.maxEntrySize) throw new RangeError('too large');
  }
}

/** Reads from the entry as it is when the stream is read. */
export class SnapshotFollowsEntry extends MapManager {
  readonly #keys = new WeakMap<StoredResponse, string>();
  override async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    const stored = await super.getStream(cacheKey);
    if (stored !== undefined) this.#keys.set(stored, cacheKey);
    return stored;
  }
  override streamResponse(stored: StoredResponse, range?: { start: number; end: number }): Readable {
    const body = this.map.get(this.#keys.get(stored) ?? '')?.body;
    return super.streamResponse({ ...stored, body }, range);
  }
}

/** Counts the end of a range as outside. */
export class RangeEndLeftOut extends MapManager {
  override streamResponse(stored: StoredResponse, range?: { start: number; end: number }): Readable {
    return super.streamResponse(stored, range && { start: range.start, end: range.end - 1 });
  }
}

/** Does not delete. */
export class DeleteForgets extends MapManager {
  override async delete(): Promise<void> {}
}

/** Fails when there is nothing to delete. */
export class DeleteOfNothingFails extends MapManager {
  override async delete(cacheKey: string): Promise<void> {
    if (!this.map.delete(cacheKey)) throw new Error('not found');
  }
}

/** Lists what was stored before, too. */
export class EntriesListsTwice extends MapManager {
  override async *entries(): AsyncGenerator<never> {
    yield* super.entries() as AsyncGenerator<never>;
    yield* super.entries() as AsyncGenerator<never>;
  }
}

/** Gives a lease to everybody. */
export class LeaseForAll extends MapManager {
  override lease(): Lease {
    return { renew: () => true, release: () => undefined };
  }
}

/** Has a lease last for ever. */
export class LeaseForEver extends MapManager {
  override lease(cacheKey: string): Lease | undefined {
    return super.lease(cacheKey, { ttlMs: Number.POSITIVE_INFINITY });
  }
}

/** Makes a secret each time. */
export class SecretChanges extends MapManager {
  #calls = 0;
  override secret(): Uint8Array {
    this.#calls++;
    return super.secret().map((byte) => byte + this.#calls);
  }
}

/** Streams in part. */
export class StreamsInPart extends MapManager {
  override readonly getStream = undefined as never;
}
