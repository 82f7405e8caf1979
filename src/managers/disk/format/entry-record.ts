import { hash } from 'node:crypto';
import type { HttpResponseHead } from '../../../core/message.ts';
import type { CachePolicy } from '../../../core/policy-types.ts';
import { freezeDeeply } from '../../frozen-copy.ts';
import { tableLength } from './block-table.ts';
import { isDigest, isGeneration } from './layout.ts';

/*
 * An entry file is a first record (P), and then updates (U) and claims (C). A record is
 *
 *   HTTPLARDER2 <SHA-256> <P|U|C> <length of JSON> <length of payload>\n<JSON><payload>
 *
 * where the lengths have ten digits and the SHA-256 covers everything behind itself. The payload of the first record is the
 * body, or the table of a body that has a file of its own; the others have none. An update replaces head and policy.
 * A claim says which file is about to take the place of this one. Each names the state that it was made for, the current
 * revision and the claim on it, and counts only if that is the state when it is read: of two processes that append at
 * once, the first wins, and both know it once they have read the file again. A record that does not match its SHA-256, as
 * a kill in mid-append leaves one, is passed over: the next one is found by its first word and what follows it. Nothing
 * that was stored can be taken for one, as what stands in JSON has no line feed.
 */

const MAGIC = 'HTTPLARDER2';
const PREAMBLE = new RegExp(`^${MAGIC} ([0-9a-f]{64}) ([PUC]) ([0-9]{10}) ([0-9]{10})\n$`);
const SUM_START = MAGIC.length + 1;
const COVERED_START = SUM_START + 64;
const PREAMBLE_LENGTH = COVERED_START + ' P 0123456789 0123456789\n'.length;

/** The largest entry file that is written or read, so that a broken length cannot ask for all memory. */
export const MAX_ENTRY_FILE: number = 4 * 1024 * 1024;

/** The most damaged records that are passed over. */
const MOST_DAMAGED = 64;

/** Where a body that is too large for its entry file is. */
export interface SeparateBody {
  /** Generation in the name of its file. */
  readonly generation: string;
  /** SHA-256 of its table. */
  readonly digest: string;
}

/** What one revision of an entry says. */
export interface EntryRecord {
  /** The key it is stored under. */
  readonly cacheKey: string;
  /** Random name of this revision: the token of `updateMetadata`. */
  readonly revision: string;
  /** Length of the body in bytes. */
  readonly size: number;
  /** Where the body is; `undefined` when it is in the entry file. */
  readonly separate: SeparateBody | undefined;
  /** The stored head. */
  readonly head: HttpResponseHead;
  /** The stored policy. */
  readonly policy: CachePolicy;
}

/** An entry file that was read. */
export interface DecodedEntry extends EntryRecord {
  /** The body, or the table of a body that has a file of its own: a view of the bytes that were decoded. */
  readonly payload: Buffer;
  /** Records up to the current one. */
  readonly records: number;
  /** Where the first record ends. */
  readonly firstLength: number;
  /** Where the last valid record ends. */
  readonly validLength: number;
  /** Generation of the unpublished file that is about to replace this one; `undefined` when there is none. */
  readonly claim: string | undefined;
}

/** The state of an entry file that a record is appended to. */
export interface EntryState {
  /** Its revision. */
  readonly from: string;
  /** The claim on it, which this record makes void; `undefined` when there is none. */
  readonly voids: string | undefined;
}

/** Encodes a new entry with its body, or with the table of a body that has a file of its own. */
export function encodeEntry(entry: EntryRecord, payload: Uint8Array): Buffer {
  const { cacheKey, revision, size, separate, head, policy } = entry;
  return encodeRecord('P', { cacheKey, revision, size, separate, head, policy }, payload);
}

/** Encodes a record that replaces head and policy. */
export function encodeUpdate(
  update: EntryState & {
    readonly revision: string;
    readonly head: HttpResponseHead;
    readonly policy: CachePolicy;
  },
): Buffer {
  return encodeRecord('U', update, new Uint8Array(0));
}

/** Encodes a record that claims the place of the entry file for an unpublished file of that generation. */
export function encodeClaim(claim: EntryState & { readonly generation: string }): Buffer {
  return encodeRecord('C', claim, new Uint8Array(0));
}

/** Decodes an entry file; `undefined` for one that is not ours or is damaged. */
export function decodeEntry(bytes: Buffer): DecodedEntry | undefined {
  const first = readRecord(bytes, 0);
  if (first?.kind !== 'P') return undefined;
  let entry = asEntry(first.json);
  if (entry === undefined || first.payload.length !== payloadLength(entry)) return undefined;
  let records = 1;
  let validLength = first.end;
  let claim: string | undefined;
  for (const { kind, json, end } of laterRecords(bytes, first.end)) {
    validLength = end;
    records++;
    const { from, voids, revision, head, policy, generation } = json;
    if (from !== entry.revision || voids !== claim) continue;
    if (kind === 'C') {
      claim = isGeneration(generation) ? generation : claim;
      continue;
    }
    const updated: EntryRecord | undefined = asEntry({ ...entry, revision, head, policy });
    if (updated === undefined) continue;
    entry = updated;
    claim = undefined;
  }
  freezeDeeply(entry);
  return {
    ...entry,
    payload: first.payload,
    records,
    firstLength: first.end,
    validLength,
    claim,
  };
}

interface RawRecord {
  readonly kind: string;
  readonly json: Record<string, unknown>;
  readonly payload: Buffer;
  readonly end: number;
}

/** The records from `start` on that are whole, whatever stands between them. */
function* laterRecords(bytes: Buffer, start: number): Generator<RawRecord, void, undefined> {
  let damaged = 0;
  for (let position = start; position < bytes.length && damaged < MOST_DAMAGED;) {
    const record = readRecord(bytes, position);
    if (record === undefined || record.kind === 'P') {
      damaged++;
      const next = bytes.indexOf(MAGIC, position + 1, 'latin1');
      if (next === -1) return;
      position = next;
    } else {
      yield record;
      position = record.end;
    }
  }
}

function encodeRecord(kind: 'P' | 'U' | 'C', data: object, payload: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(data));
  const covered = ` ${kind} ${tenDigits(json.length)} ${tenDigits(payload.byteLength)}\n`;
  const record = Buffer.allocUnsafeSlow(PREAMBLE_LENGTH + json.length + payload.byteLength);
  record.write(covered, COVERED_START, 'latin1');
  json.copy(record, PREAMBLE_LENGTH);
  record.set(payload, PREAMBLE_LENGTH + json.length);
  record.write(`${MAGIC} ${hash('sha256', record.subarray(COVERED_START), 'hex')}`, 0, 'latin1');
  return record;
}

function readRecord(bytes: Buffer, start: number): RawRecord | undefined {
  const jsonStart = start + PREAMBLE_LENGTH;
  const match = PREAMBLE.exec(bytes.toString('latin1', start, jsonStart));
  if (match === null) return undefined;
  const [, sum, kind = '', jsonLength, payloadLength] = match;
  const jsonEnd = jsonStart + Number(jsonLength);
  const end = jsonEnd + Number(payloadLength);
  if (end > bytes.length) return undefined;
  if (hash('sha256', bytes.subarray(start + COVERED_START, end), 'hex') !== sum) return undefined;
  const json = parseJson(bytes.toString('utf8', jsonStart, jsonEnd));
  if (!isObject(json)) return undefined;
  return { kind, json, payload: bytes.subarray(jsonEnd, end), end };
}

function payloadLength({ separate, size }: EntryRecord): number {
  return separate === undefined ? size : tableLength(size);
}

function asEntry(json: Record<string, unknown>): EntryRecord | undefined {
  const { cacheKey, revision, size, separate, head, policy } = json;
  if (typeof cacheKey !== 'string' || typeof revision !== 'string') return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (!isHead(head) || !isPolicy(policy)) return undefined;
  if (separate === undefined) return { cacheKey, revision, size, separate, head, policy };
  if (!isObject(separate) || size === 0) return undefined;
  const { generation, digest } = separate;
  if (!isGeneration(generation) || !isDigest(digest)) return undefined;
  return { cacheKey, revision, size, separate: { generation, digest }, head, policy };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The SHA-256 says that we wrote it, so the shapes are only told apart from those of another program's record.
function isHead(value: unknown): value is HttpResponseHead {
  return isObject(value) && typeof value['status'] === 'number' && Array.isArray(value['headers']);
}

function isPolicy(value: unknown): value is CachePolicy {
  return isObject(value) && (value['kind'] === 'response' || value['kind'] === 'index');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function tenDigits(length: number): string {
  return String(length).padStart(10, '0');
}
