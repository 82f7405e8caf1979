import { describe, expect, it } from 'vitest';
import type { CacheManager } from '../../src/managers/manager.ts';
import { managerConformance } from '../../src/testing/index.ts';
import {
  BodyOfAnotherKey,
  KeysMadeAlike,
  LostRepeatedField,
  FieldOrderLost,
  FieldCaseLost,
  BytesOfValuesLost,
  MetadataLost,
  PolicyChanged,
  TruncatedBody,
  EmptyBodyLost,
  VisibleBeforeCommit,
  AliasedInput,
  AliasedOutput,
  AliasedChunks,
  AliasedStream,
  OldTokenTaken,
  TokenCheckedTooEarly,
  TokenKept,
  LimitsIgnored,
  LimitsIgnoredByWriters,
  EntryLimitIgnored,
  WrongErrorForTooLarge,
  SnapshotFollowsEntry,
  RangeEndLeftOut,
  DeleteForgets,
  DeleteOfNothingFails,
  EntriesListsTwice,
  LeaseForAll,
  LeaseForEver,
  SecretChanges,
  StreamsInPart,
  type ManagerClass,
} from './broken-managers.ts';
import {
  AbortEndsReaders,
  AbortLosesBytes,
  ChunksSharedByReaders,
  EndedWriterFollowed,
  EndWaitsForCommit,
  LeavingSilencesOthers,
  NoBackPressure,
  ReaderWaitsForEnd,
  StartIgnored,
  StartsWhereItCame,
  StrangerFollowed,
  WriterWaitsForReaders,
} from './broken-followers.ts';
import {
  CommitNeverSettles,
  AbortPublishes,
  GuardIgnored,
  GuardAskedLate,
  CommitSaysFalse,
  TrailersLost,
} from './broken-writers.ts';
import { MapManager } from './map-manager.ts';

const LIMITS = ['maxSize', 'maxEntries', 'maxEntrySize'] as const;

/** The names of the cases that a manager fails, each with what is said of it; of those only whose names begin so. */
async function failures(
  Manager: ManagerClass,
  timeoutMs = 15_000,
  beginning = '',
): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  const cases = managerConformance(({ limits }) => new Manager(limits), { limits: LIMITS, timeoutMs });
  await Promise.all(
    cases.map(async (each) => {
      if (!each.name.startsWith(beginning)) return;
      await each.run().catch((error: unknown) => failed.set(each.name, String(error)));
    }),
  );
  return failed;
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
    ['two updates with one token', TokenCheckedTooEarly, 'lets at most one of two updates'],
    [
      'a token that an update does not change',
      TokenKept,
      'replaces head and policy for the current token only',
    ],
    ['too many entries', LimitsIgnored, 'keeps no more than maxEntries'],
    ['too many bytes', LimitsIgnored, 'keeps no more than maxSize'],
    ['too many written entries', LimitsIgnoredByWriters, 'keeps no more than maxEntries of what is written'],
    ['too many written bytes', LimitsIgnoredByWriters, 'keeps no more than maxSize of what is written'],
    ['a body that is too large', EntryLimitIgnored, 'refuses a body that is larger than maxEntrySize'],
    ['a written body that is too large', EntryLimitIgnored, 'refuses a written body that is larger'],
    ['the wrong error for it', WrongErrorForTooLarge, 'refuses a body that is larger than maxEntrySize'],
    ['an abort that leaves something', AbortPublishes, 'leaves nothing of a write that was aborted'],
    ['a guard ignored', GuardIgnored, 'publishes only if the guard says so'],
    ['a guard asked late', GuardAskedLate, 'publishes only if the guard says so'],
    ['a commit that says false', CommitSaysFalse, 'shows nothing of an entry before its commit'],
    ['a snapshot that follows the entry', SnapshotFollowsEntry, 'keeps the snapshot that it gave'],
    ['a range without its end', RangeEndLeftOut, 'streams ranges, both ends included'],
    ['trailers lost', TrailersLost, 'keeps the trailers that come with the commit'],
    ['a reader that misses the beginning', StartsWhereItCame, 'gives every byte once'],
    ['a start ignored', StartIgnored, 'gives every byte once'],
    ['a reader that waits for the end', ReaderWaitsForEnd, 'gives what was written while the writer rests'],
    ['an abort that looks like an end', AbortEndsReaders, 'fails when the writer is aborted'],
    ['an abort that loses bytes', AbortLosesBytes, 'fails when the writer is aborted'],
    ['chunks that readers share', ChunksSharedByReaders, 'gives each reader bytes of its own'],
    ['a reader that silences others by leaving', LeavingSilencesOthers, 'goes on when readers leave'],
    ['a reader that gets all at once', NoBackPressure, 'reads as it is consumed'],
    ['the writer of another that is followed', StrangerFollowed, 'refuses writers of others'],
    ['an ended writer that is followed', EndedWriterFollowed, 'refuses writers of others'],
    ['nothing deleted', DeleteForgets, 'deletes one key and no other'],
    ['an error for deleting nothing', DeleteOfNothingFails, 'deletes one key and no other'],
    ['entries listed twice', EntriesListsTwice, 'lists each entry once'],
    ['a lease for everybody', LeaseForAll, 'gives a lease to one at a time'],
    ['a lease that never ends', LeaseForEver, 'ends a lease by itself'],
    ['a changing secret', SecretChanges, 'gives one secret'],
    ['a streaming method missing', StreamsInPart, 'has all methods of a streaming manager or none'],
  ])('catches %s', async (_fault, Manager, name) => {
    expect(await failures(Manager, 2_000, name)).not.toEqual(new Map());
  });

  it.each<[string, ManagerClass, string]>([
    [
      'readers that end with the commit, not with its call',
      EndWaitsForCommit,
      'ends once the commit is called, whatever comes of it',
    ],
    [
      'a writer that waits for readers',
      WriterWaitsForReaders,
      'reads as it is consumed, and does not wait for those who do not',
    ],
  ])('catches %s', async (_fault, Manager, name) => {
    const failed = await failures(Manager, 1_000, name);
    expect(failed.get(name)).toContain('The manager did not settle within 1000 ms');
  });

  it('catches a writer that never ends', async () => {
    const name = 'shows nothing of an entry before its commit, and all of it after';
    const failed = await failures(CommitNeverSettles, 300, name);
    expect(failed.get(name)).toContain('The manager did not settle within 300 ms');
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
