import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpResponseHead } from '../../../src/core/message.ts';
import { BLOCK_SIZE, tableLength } from '../../../src/managers/disk/format/block-table.ts';
import {
  decodeEntry,
  encodeClaim,
  encodeEntry,
  encodeUpdate,
  type EntryRecord,
  type EntryState,
} from '../../../src/managers/disk/format/entry-record.ts';
import { sampleHead, samplePolicy } from '../samples.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const head: fc.Arbitrary<HttpResponseHead> = fc.record({
  url: text,
  status: fc.integer({ min: 200, max: 599 }),
  statusText: text,
  httpVersion: fc.constantFrom('1.0', '1.1'),
  headers: fc.array(fc.tuple(text, text), { maxLength: 5 }),
  trailers: fc.array(fc.tuple(text, text), { maxLength: 2 }),
});
const generation = fc
  .tuple(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  .map(([time, random]) => `${time.toString(36)}-${random.toString(16).padStart(16, '0')}`);
const digest = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map((sum) => sum.toString(16).padStart(64, '0'));
const bytes = fc.uint8Array({ maxLength: 300 });

/** An entry and what goes behind its JSON. */
const stored: fc.Arbitrary<readonly [EntryRecord, Buffer]> = fc
  .record({
    cacheKey: text,
    revision: text,
    head,
    policy: text.map((id) => samplePolicy(id)),
    separate: fc.option(fc.record({ generation, digest }), { nil: undefined }),
    body: bytes,
    blocks: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ body, blocks, ...entry }) => {
    const size = entry.separate === undefined ? body.length : blocks * BLOCK_SIZE;
    const payload = entry.separate === undefined ? body : Buffer.alloc(tableLength(size), blocks);
    return [{ ...entry, size }, Buffer.from(payload)];
  });

/** What a reader makes of an entry file. */
interface State {
  readonly revision: string;
  readonly status: number;
  readonly claim: string | undefined;
}

/** An entry file, and what a reader made of it when it had so many bytes. */
interface History {
  readonly file: Buffer;
  readonly states: readonly (readonly [length: number, state: State])[];
}

/** What a writer that was too late took for the state: another revision, or another claim. */
type Late = 'from' | 'voids' | undefined;

type Step =
  | { readonly kind: 'update' | 'claim'; readonly late: Late; readonly generation: string }
  | { readonly kind: 'torn'; readonly part: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('update', 'claim'),
    late: fc.constantFrom<Late>(undefined, 'from', 'voids'),
    generation,
  }),
  fc.record({ kind: fc.constant('torn'), part: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
);
const history = fc.array(step, { maxLength: 8 }).map((steps) => write(steps));

/** Writes an entry file as its writers do: each for the state that it read, some of them too late, some of them killed. */
function write(steps: readonly Step[]): History {
  const first = { cacheKey: 'key', revision: 'first', size: 4, separate: undefined, head: sampleHead() };
  let file = encodeEntry({ ...first, policy: samplePolicy() }, Buffer.from('body'));
  let state: State = { revision: 'first', status: 200, claim: undefined };
  const states: [number, State][] = [[file.length, state]];
  for (const [index, each] of steps.entries()) {
    const late = each.kind === 'torn' ? undefined : each.late;
    const made: EntryState = {
      from: late === 'from' ? 'before' : state.revision,
      voids: late === 'voids' ? 'another' : state.claim,
    };
    const revision = `revision ${index}`;
    const changed = { ...sampleHead(), status: 300 + index };
    let record = encodeUpdate({ ...made, revision, head: changed, policy: samplePolicy() });
    if (each.kind === 'torn') record = record.subarray(0, Math.floor(record.length * each.part));
    if (each.kind === 'claim') record = encodeClaim({ ...made, generation: each.generation });
    file = Buffer.concat([file, record]);
    if (late === undefined && each.kind === 'update')
      state = { revision, status: 300 + index, claim: undefined };
    if (late === undefined && each.kind === 'claim') state = { ...state, claim: each.generation };
    states.push([file.length, state]);
  }
  return { file, states };
}

function read(file: Buffer): State | undefined {
  const entry = decodeEntry(file);
  if (entry === undefined) return undefined;
  expect(entry.payload.toString()).toBe('body');
  return { revision: entry.revision, status: entry.head.status, claim: entry.claim };
}

describe('an entry file', () => {
  it('says what was written, whatever that was', () => {
    fc.assert(
      fc.property(stored, ([entry, payload]) => {
        const decoded = decodeEntry(encodeEntry(entry, payload));
        expect(decoded).toMatchObject(entry);
        expect(decoded?.payload.equals(payload)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is none when its payload has another length than its size says', () => {
    fc.assert(
      fc.property(stored, fc.integer({ min: 1, max: 40 }), ([entry, payload], more) => {
        const longer = Buffer.concat([payload, Buffer.alloc(more)]);
        expect(decodeEntry(encodeEntry(entry, longer))).toBeUndefined();
      }),
    );
  });

  it('says what its last record says that counts, past those that came too late or were torn', () => {
    fc.assert(
      fc.property(history, ({ file, states }) => {
        expect(read(file)).toEqual(states.at(-1)?.[1]);
      }),
      { numRuns: 300 },
    );
  });

  it('says what it said before, or nothing, when it is cut off', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 1, noNaN: true }), ({ file, states }, part) => {
        const length = Math.floor(file.length * part);
        expect(read(file.subarray(0, length))).toEqual(states.findLast(([end]) => end <= length)?.[1]);
      }),
      { numRuns: 300 },
    );
  });

  it('says what it said once, or nothing, when a bit of it is another', () => {
    const bit = fc.integer({ min: 0, max: 7 });
    fc.assert(
      fc.property(
        history,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        bit,
        ({ file, states }, part, n) => {
          const position = Math.floor(file.length * part);
          const damaged = Buffer.from(file);
          damaged.writeUInt8(damaged.readUInt8(position) ^ (1 << n), position);
          const inFirst = position < (states[0]?.[0] ?? 0);
          expect(inFirst ? [undefined] : states.map(([, state]) => state)).toContainEqual(read(damaged));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes no record from what was stored', () => {
    const forged = encodeUpdate({
      from: 'first',
      voids: undefined,
      revision: 'forged',
      head: sampleHead(),
      policy: samplePolicy(),
    }).toString('latin1');
    const headers: [string, string][] = [['X', forged]];
    const first = { cacheKey: forged, revision: 'first', size: forged.length, separate: undefined };
    const policy = samplePolicy(forged);
    const entry = encodeEntry({ ...first, head: sampleHead(), policy }, Buffer.from(forged));
    const update = { from: 'first', voids: undefined, revision: 'next', policy };
    const record = encodeUpdate({ ...update, head: { ...sampleHead(), headers } });
    expect(decodeEntry(Buffer.concat([entry, record]))?.revision).toBe('next');
    for (let length = 0; length < record.length; length += 7) {
      const torn = Buffer.concat([
        entry,
        record.subarray(0, length),
        Buffer.from('\n'),
        record.subarray(length),
      ]);
      expect(decodeEntry(torn)?.revision).not.toBe('forged');
    }
  });

  it('that is handed out can be changed by nobody', () => {
    const decoded = decodeEntry(write([]).file);
    expect(Object.isFrozen(decoded?.head.headers)).toBe(true);
    expect(Object.isFrozen(decoded?.head)).toBe(true);
    expect(Object.isFrozen(decoded?.policy)).toBe(true);
  });
});
