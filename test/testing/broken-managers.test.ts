import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { HttpResponse, HttpResponseHead } from '../../src/core/message.ts';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import type { CacheEntry, CacheManager, CacheWriter, StoredResponse } from '../../src/managers/manager.ts';
import { managerConformance, type ConformanceLimits } from '../../src/testing/index.ts';
import { MapManager, type MapEntry } from './map-manager.ts';

const LIMITS = ['maxSize', 'maxEntries', 'maxEntrySize'] as const;

type ManagerClass = new (limits: ConformanceLimits) => CacheManager;

/** The names of the cases that a manager fails, each with what is said of it. */
async function failures(Manager: ManagerClass): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  const cases = managerConformance(({ limits }) => new Manager(limits), { limits: LIMITS, timeoutMs: 2_000 });
  await Promise.all(
    cases.map(async (each) => {
      await each.run().catch((error: unknown) => failed.set(each.name, String(error)));
    }),
  );
  return failed;
}

/** Gives the body of whichever entry was stored last. */
class BodyOfAnotherKey extends MapManager {
  protected override lookUp(cacheKey: string): MapEntry | undefined {
    const entry = super.lookUp(cacheKey);
    const last = [...this.map.values()].at(-1);
    return entry && last && { ...entry, body: last.body };
  }
}

/** Has names of its own for keys, which come out alike. */
class KeysMadeAlike extends MapManager {
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
const LostRepeatedField = changingHead((head) => ({
  ...head,
  headers: Object.entries(Object.fromEntries(head.headers)),
}));

/** Sorts the fields. */
const FieldOrderLost = changingHead((head) => ({
  ...head,
  headers: head.headers.toSorted(([a], [b]) => (a < b ? -1 : 1)),
}));

/** Writes names in lower case. */
const FieldCaseLost = changingHead((head) => ({
  ...head,
  headers: head.headers.map(([name, value]) => [name.toLowerCase(), value] as const),
}));

/** Takes latin1 for UTF-8. */
const BytesOfValuesLost = changingHead((head) => ({
  ...head,
  headers: head.headers.map(
    ([name, value]) => [name, Buffer.from(value, 'latin1').toString('utf8')] as const,
  ),
}));

/** Knows no metadata. */
const MetadataLost = changingHead(({ metadata: _lost, ...head }) => head);

/** Rounds times, as a table of integers does. */
class PolicyChanged extends MapManager {
  protected override publish(cacheKey: string, entry: MapEntry): string {
    const { policy } = entry;
    const changed =
      policy.kind === 'response' ? { ...policy, responseTime: Math.round(policy.responseTime) } : policy;
    return super.publish(cacheKey, { ...entry, policy: changed });
  }
}

/** Stores no more than a megabyte of a body. */
class TruncatedBody extends MapManager {
  protected override publish(cacheKey: string, entry: MapEntry): string {
    return super.publish(cacheKey, { ...entry, body: entry.body.subarray(0, 1_000_000) });
  }
}

/** Takes an empty body for none. */
class EmptyBodyLost extends MapManager {
  protected override lookUp(cacheKey: string): MapEntry | undefined {
    const entry = super.lookUp(cacheKey);
    return entry?.body.length === 0 ? undefined : entry;
  }
}

/** Publishes with the first chunk. */
class VisibleBeforeCommit extends MapManager {
  override async putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<CacheWriter> {
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
class AliasedInput extends MapManager {
  override async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    const { body, ...head } = response;
    this.checkSize(cacheKey, [], body);
    this.publish(cacheKey, { head, policy, body });
    return response;
  }
}

/** Gives the arrays and objects that it keeps. */
class AliasedOutput extends MapManager {
  override async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const entry = this.lookUp(cacheKey);
    return entry && { response: { ...entry.head, body: entry.body }, policy: entry.policy };
  }
}

/** Keeps the chunks that it is given. */
class AliasedChunks extends MapManager {
  override async putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): Promise<CacheWriter> {
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
class AliasedStream extends MapManager {
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
class OldTokenTaken extends MapManager {
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

/** Gives the old token after an update. */
class TokenKept extends MapManager {
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
class LimitsIgnored extends MapManager {
  protected override evict(): void {}
}

/** Takes bodies of any size. */
class EntryLimitIgnored extends MapManager {
  protected override checkSize(): void {}
}

/** Refuses bodies that are too large with any error. */
class WrongErrorForTooLarge extends MapManager {
  protected override checkSize(_cacheKey: string, chunks: readonly Uint8Array[], chunk: Uint8Array): void {
    const size = chunks.reduce((sum, { length }) => sum + length, chunk.length);
    if (size > this.maxEntrySize) throw new RangeError('too large');
  }
}

function changingWriter(change: (writer: CacheWriter) => Partial<CacheWriter>): ManagerClass {
  return class extends MapManager {
    override async putStream(
      cacheKey: string,
      head: HttpResponseHead,
      policy: CachePolicy,
    ): Promise<CacheWriter> {
      const writer = await super.putStream(cacheKey, head, policy);
      return { ...writer, ...change(writer) };
    }
  };
}

/** Never says that a commit is done. */
const CommitNeverSettles = changingWriter((writer) => ({
  commit: async (options) => {
    await writer.commit(options);
    return await new Promise<boolean>(() => {});
  },
}));

/** Publishes what is aborted. */
const AbortPublishes = changingWriter((writer) => ({
  abort: async () => void (await writer.commit().catch(() => false)),
}));

/** Never asks the guard. */
const GuardIgnored = changingWriter((writer) => ({
  commit: async (options = {}) =>
    await writer.commit(options.trailers === undefined ? {} : { trailers: options.trailers }),
}));

/** Asks the guard, but only after it has published. */
const GuardAskedLate = changingWriter((writer) => ({
  commit: async ({ onlyIf } = {}) => {
    await writer.commit();
    return (await onlyIf?.()) ?? true;
  },
}));

/** Says `false` of everything. */
const CommitSaysFalse = changingWriter((writer) => ({
  commit: async (options) => (await writer.commit(options)) && false,
}));

/** Reads from the entry as it is when the stream is read. */
class SnapshotFollowsEntry extends MapManager {
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
class RangeEndLeftOut extends MapManager {
  override streamResponse(stored: StoredResponse, range?: { start: number; end: number }): Readable {
    return super.streamResponse(stored, range && { start: range.start, end: range.end - 1 });
  }
}

/** Loses the trailers of the commit. */
const TrailersLost = changingWriter((writer) => ({
  commit: async ({ onlyIf } = {}) => await writer.commit(onlyIf === undefined ? {} : { onlyIf }),
}));

/** Does not delete. */
class DeleteForgets extends MapManager {
  override async delete(): Promise<void> {}
}

/** Fails when there is nothing to delete. */
class DeleteOfNothingFails extends MapManager {
  override async delete(cacheKey: string): Promise<void> {
    if (!this.map.delete(cacheKey)) throw new Error('not found');
  }
}

/** Lists what was stored before, too. */
class EntriesListsTwice extends MapManager {
  override async *entries(): AsyncGenerator<never> {
    yield* super.entries() as AsyncGenerator<never>;
    yield* super.entries() as AsyncGenerator<never>;
  }
}

/** Makes a secret each time. */
class SecretChanges extends MapManager {
  #calls = 0;
  override secret(): Uint8Array {
    this.#calls++;
    return super.secret().map((byte) => byte + this.#calls);
  }
}

/** Streams in part. */
class StreamsInPart extends MapManager {
  override readonly getStream = undefined as never;
}

describe('the conformance kit', () => {
  it('finds nothing wrong with a correct manager, and tries all of it', async () => {
    expect(await failures(MapManager)).toEqual(new Map());
    const cases = managerConformance(({ limits }) => new MapManager(limits), { limits: LIMITS });
    for (const each of cases) expect(await each.run()).toBe('passed');
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it('asks a manager of three methods for no more', async () => {
    const cases = managerConformance(() => withThreeMethods());
    const results = await Promise.all(cases.map(async (each) => await each.run()));
    expect(results.filter((result) => result === 'passed').length).toBeGreaterThan(12);
    expect(results.filter((result) => result === 'absent').length).toBeGreaterThan(18);
  });

  it.each<[string, ManagerClass, string]>([
    ['the body of another key', BodyOfAnotherKey, 'keeps keys apart'],
    ['keys made alike', KeysMadeAlike, 'keeps keys apart'],
    ['a lost repeated field', LostRepeatedField, 'gives back the head: every field line'],
    ['the order of fields lost', FieldOrderLost, 'gives back the head: every field line'],
    ['the case of field names lost', FieldCaseLost, 'gives back the head: every field line'],
    ['the bytes of field values lost', BytesOfValuesLost, 'gives back the head: every field line'],
    ['metadata lost', MetadataLost, 'gives back the head: every field line'],
    ['a changed policy', PolicyChanged, 'gives back both kinds of policy'],
    ['a truncated body', TruncatedBody, 'gives back bodies of no, one and many bytes'],
    ['an empty body lost', EmptyBodyLost, 'gives back bodies of no, one and many bytes'],
    [
      'an entry visible before its commit',
      VisibleBeforeCommit,
      'shows nothing of an entry before its commit',
    ],
    ['aliased input', AliasedInput, 'does not change when the caller changes what it put'],
    ['aliased output', AliasedOutput, 'does not change when the caller changes what it got'],
    ['aliased chunks', AliasedChunks, 'keeps no memory of the caller’s chunks and heads'],
    ['an aliased stream', AliasedStream, 'streams chunks that the caller may change'],
    ['an update with an old token', OldTokenTaken, 'replaces head and policy for the current token only'],
    ['an update with the token of a replaced entry', OldTokenTaken, 'refuses to update what was replaced'],
    [
      'a token that an update does not change',
      TokenKept,
      'replaces head and policy for the current token only',
    ],
    ['too many entries', LimitsIgnored, 'keeps no more than maxEntries'],
    ['too many bytes', LimitsIgnored, 'keeps no more than maxSize'],
    ['a body that is too large', EntryLimitIgnored, 'refuses a body that is larger than maxEntrySize'],
    ['a written body that is too large', EntryLimitIgnored, 'refuses a written body that is larger'],
    ['the wrong error for it', WrongErrorForTooLarge, 'refuses a body that is larger than maxEntrySize'],
    ['a writer that never ends', CommitNeverSettles, 'shows nothing of an entry before its commit'],
    ['an abort that leaves something', AbortPublishes, 'leaves nothing of a write that was aborted'],
    ['a guard ignored', GuardIgnored, 'publishes only if the guard says so'],
    ['a guard asked late', GuardAskedLate, 'publishes only if the guard says so'],
    ['a commit that says false', CommitSaysFalse, 'shows nothing of an entry before its commit'],
    ['a snapshot that follows the entry', SnapshotFollowsEntry, 'keeps the snapshot that it gave'],
    ['a range without its end', RangeEndLeftOut, 'streams ranges, both ends included'],
    ['trailers lost', TrailersLost, 'keeps the trailers that come with the commit'],
    ['nothing deleted', DeleteForgets, 'deletes one key and no other'],
    ['an error for deleting nothing', DeleteOfNothingFails, 'deletes one key and no other'],
    ['entries listed twice', EntriesListsTwice, 'lists each entry once'],
    ['a changing secret', SecretChanges, 'gives one secret'],
    ['a streaming method missing', StreamsInPart, 'has all methods of a streaming manager or none'],
  ])('catches %s', async (_fault, Manager, name) => {
    const failed = [...(await failures(Manager)).keys()];
    expect(failed.filter((failure) => failure.startsWith(name))).not.toEqual([]);
  });

  it('says that a case did not settle', async () => {
    const failed = await failures(CommitNeverSettles);
    expect(failed.get('shows nothing of an entry before its commit, and all of it after')).toContain(
      'The manager did not settle within 2000 ms',
    );
  });
});

function withThreeMethods(): CacheManager {
  const manager = new MapManager();
  return {
    get: async (cacheKey) => await manager.get(cacheKey),
    put: async (cacheKey, response, policy) => await manager.put(cacheKey, response, policy),
    delete: async (cacheKey) => await manager.delete(cacheKey),
  };
}
