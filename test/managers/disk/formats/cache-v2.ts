import { digestOfTable, TableMaker } from '../../../../src/managers/disk/format/block-table.ts';
import { encodeClaim, encodeEntry, encodeUpdate } from '../../../../src/managers/disk/format/entry-record.ts';
import { keyHash } from '../../../../src/managers/disk/format/layout.ts';
import type { CachePolicy } from '../../../../src/core/policy-types.ts';
import type { HttpResponseHead } from '../../../../src/core/message.ts';
import { ACCOUNTS, INCOMING } from '../../../../src/managers/disk/limits/accounts.ts';
import { encodeChange, encodeHead } from '../../../../src/managers/disk/limits/ledger-lines.ts';
import type { Usage } from '../../../../src/managers/disk/limits/usage.ts';
import { sampleHead, samplePolicy } from '../../samples.ts';

/** One entry of the fixture. */
export interface FixtureEntry {
  readonly cacheKey: string;
  /** What a look-up gives. */
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  readonly body: Buffer;
  /** Its generation when its body has a file of its own. */
  readonly generation?: string;
  /** What stands behind the first record of its file. */
  readonly behind?: readonly Buffer[];
  /** Head and policy of the first record where later ones replaced them. */
  readonly first?: { readonly head: HttpResponseHead; readonly policy: CachePolicy };
}

/** All entries of the fixture of the format cache-v2. The first revision of each is called `first`. */
export const ENTRIES: readonly FixtureEntry[] = [
  entry('inline', 'an inline body'),
  entry('empty', ''),
  {
    ...entry('updated', 'an updated body'),
    first: plain('updated', 200),
    head: plain('updated', 204).head,
    behind: [update('updated', 'first', 203), update('updated', '203', 204)],
  },
  entry('separate', 'a body of its own '.repeat(50), 'mjuohs00-0000000000000001'),
  entry('twin', 'a body of its own '.repeat(50), 'mjuohs00-0000000000000002'),
  entry('blocks', 'of two blocks '.repeat(20_000), 'mjuohs00-0000000000000003'),
  { ...entry('torn', 'whole up to its tail'), behind: [update('torn', 'first', 203).subarray(0, 300)] },
  {
    ...entry('claimed', 'a body that stays'),
    behind: [encodeClaim({ from: 'first', voids: undefined, generation: 'mjuohs00-0000000000000004' })],
  },
  {
    ...entry('voided', 'a body whose claim was given up'),
    first: plain('voided', 200),
    head: plain('voided', 203).head,
    behind: [
      encodeClaim({ from: 'first', voids: undefined, generation: 'mjuohs00-0000000000000005' }),
      update('voided', 'first', 203, 'mjuohs00-0000000000000005'),
      update('voided', 'first', 204),
    ],
  },
  {
    ...entry('index', ''),
    policy: {
      v: 1,
      kind: 'index',
      id: 'index',
      epoch: 'epoch',
      invalidatedAt: 1_000,
      sets: [{ names: ['accept'], credentialed: false }],
      tags: [{ etag: '"a"', selecting: [['accept', 'text/plain']], credentials: null }],
    },
  },
];

/** What its ledger says of its first group, in which there is nothing: too much to be scanned before it is believed. */
export const COUNTED: Usage = { bytes: 40_960_000, entries: 10_000 };

/** The files of the fixture by their paths in it, as this version of the package writes them. */
export function fixtureFiles(): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const { cacheKey, head, policy, body, generation, behind = [], first } of ENTRIES) {
    const table = tableOf(body);
    const separate = generation === undefined ? undefined : { generation, digest: digestOfTable(table) };
    const record = { cacheKey, revision: 'first', size: body.length, separate, head, policy, ...first };
    const name = spread(keyHash(cacheKey));
    files.set(
      `metadata/${name}`,
      Buffer.concat([encodeEntry(record, separate === undefined ? body : table), ...behind]),
    );
    if (separate === undefined) continue;
    files.set(`metadata/${name}.${generation}`, body);
    files.set(`content/${spread(separate.digest)}`, body);
  }
  files.set('ledger', ledger());
  files.set('format.json', Buffer.from('{"format":"cache-v2","madeBy":"http-larder"}\n'));
  files.set('secret', Buffer.from(Array.from({ length: 32 }, (_, n) => n)));
  return files;
}

/** All accounts, and a change of one. */
function ledger(): Buffer {
  const counted = Array.from({ length: ACCOUNTS }, (_, account) =>
    encodeChange({ kind: 'set', account, ...(account === 0 ? COUNTED : { bytes: 0, entries: 0 }) }),
  );
  const head = encodeHead({ id: 'mjuohs00-0000000000000006', previous: undefined, length: 0 });
  const change = encodeChange({ kind: 'add', account: INCOMING, bytes: 4_096, entries: 0 });
  return Buffer.from([head, ...counted, change].join(''));
}

function entry(name: string, text: string, generation?: string): FixtureEntry {
  const cacheKey = `http://origin.test/${name}`;
  const own = generation === undefined ? {} : { generation };
  return { cacheKey, ...plain(name, 200), body: Buffer.from(text), ...own };
}

function plain(name: string, status: number): { head: HttpResponseHead; policy: CachePolicy } {
  return { head: { ...sampleHead(`http://origin.test/${name}`), status }, policy: samplePolicy(name) };
}

function update(name: string, from: string, status: number, voids?: string): Buffer {
  return encodeUpdate({ from, voids, revision: String(status), ...plain(name, status) });
}

function tableOf(body: Buffer): Buffer {
  const maker = new TableMaker();
  maker.update(body);
  return maker.finish();
}

function spread(hash: string): string {
  return `${hash.slice(0, 2)}/${hash.slice(2)}`;
}
