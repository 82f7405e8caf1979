import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import type { Change } from '../../../../src/managers/disk/limits/accounts.ts';
import { INCOMING } from '../../../../src/managers/disk/limits/accounts.ts';
import { encodeChange, encodeHead } from '../../../../src/managers/disk/limits/ledger-lines.ts';
import { Ledger } from '../../../../src/managers/disk/limits/ledger.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { compileSources, endOf, messageOf, startWorker } from '../worker.ts';

function folder(): Layout {
  const layout = new Layout(temporaryFolder());
  mkdirSync(layout.root);
  return layout;
}

function open(layout: Layout): Ledger {
  const ledger = new Ledger(layout);
  onTestFinished(async () => await ledger.close());
  return ledger;
}

/** The descriptors of this process that are open on a ledger; Linux only. */
function openLedgers({ ledger }: Layout): string[] {
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(ledger);
    } catch {
      return false;
    }
  });
}

function set(account: number, bytes: number, entries: number): Change {
  return { kind: 'set', account, bytes, entries };
}

function add(account: number, bytes: number, entries: number): Change {
  return { kind: 'add', account, bytes, entries };
}

describe('a ledger', () => {
  it('tells the other processes what was found, and what came and went since', async () => {
    const layout = folder();
    const [one, other] = [open(layout), open(layout)];
    one.record(set(7, 8_192, 2));
    one.record(set(INCOMING, 0, 0));
    await one.exchange();
    await other.exchange();
    expect(other.accounts.of(7)).toEqual({ bytes: 8_192, entries: 2 });
    other.record(add(7, 4_096, 1));
    other.record(add(INCOMING, 1_000_000, 0));
    one.record(add(7, -8_192, -2));
    await Promise.all([one.exchange(), other.exchange()]);
    await Promise.all([one.exchange(), other.exchange()]);
    for (const ledger of [one, other, open(layout)]) {
      await ledger.exchange();
      expect(ledger.accounts.of(7)).toEqual({ bytes: 4_096, entries: 1 });
      expect(ledger.accounts.of(INCOMING).bytes).toBe(1_000_000);
      expect(ledger.accounts.groups).toEqual({ bytes: 4_096, entries: 1 });
    }
  });

  it('knows its own changes at once', () => {
    const ledger = open(folder());
    ledger.record(set(0, 4_096, 1));
    ledger.record(add(0, 4_096, 1));
    expect(ledger.accounts.of(0)).toEqual({ bytes: 8_192, entries: 2 });
  });

  it('takes nothing for known that was never found', async () => {
    const layout = folder();
    const ledger = open(layout);
    ledger.record(add(3, 4_096, 1));
    await ledger.exchange();
    expect(ledger.accounts.isKnown(3)).toBe(false);
    expect(ledger.accounts.groups).toEqual({ bytes: 0, entries: 0 });
    ledger.record(set(3, 4_096, 1));
    await ledger.exchange();
    const next = open(layout);
    await next.exchange();
    expect(next.accounts.of(3)).toEqual({ bytes: 4_096, entries: 1 });
  });

  it('is not made by who has nothing to tell', async () => {
    const layout = folder();
    await open(layout).exchange();
    expect(statSync(layout.ledger, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('tells what is recorded after it was closed, and leaves no descriptor', async () => {
    const layout = folder();
    const ledger = open(layout);
    ledger.record(set(7, 8_192, 2));
    await ledger.close();
    ledger.record(add(7, 4_096, 1));
    await ledger.exchange();
    expect(openLedgers(layout)).toEqual([]);
    const next = open(layout);
    await next.exchange();
    expect(next.accounts.of(7)).toEqual({ bytes: 12_288, entries: 3 });
  });

  it('is for its owner alone', async () => {
    const layout = folder();
    const ledger = open(layout);
    ledger.record(set(0, 0, 0));
    await ledger.exchange();
    expect(statSync(layout.ledger).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a torn line', encodeChange(add(7, 4_096, 1)).slice(0, -5)],
    ['a line with another check', encodeChange(add(7, 4_096, 1)).replace(/^......../, '00000000') + 'x'],
    ['a line without an end that is longer than memory should hold', 'x'.repeat(30_000)],
    ['zeros', '\0'.repeat(5_000)],
    ['figures that are none', encodeChange(add(7, 0, 0)).replace(' 0 0', ' NaN Infinity')],
    ['an account that there is not', encodeChange(add(999, 4_096, 1))],
    ['a further head', encodeHead({ id: 'abc-0123456789abcdef', previous: undefined, length: 5 })],
  ])('passes over %s, and what comes behind it holds', async (_what, text) => {
    const layout = folder();
    const ledger = open(layout);
    ledger.record(set(7, 8_192, 2));
    await ledger.exchange();
    appendFileSync(layout.ledger, text);
    await ledger.exchange();
    ledger.record(add(7, 4_096, 1));
    await ledger.exchange();
    const next = open(layout);
    await next.exchange();
    expect(next.accounts.of(7)).toEqual({ bytes: 12_288, entries: 3 });
    expect(ledger.accounts.of(7)).toEqual({ bytes: 12_288, entries: 3 });
  });

  it.each([
    ['is empty', ''],
    ['is of somebody else', 'something else\n'.repeat(20_000)],
    ['has lost its head', encodeChange(set(7, 4_096, 1))],
  ])('is replaced when it %s', async (_what, text) => {
    const layout = folder();
    writeFileSync(layout.ledger, text, { mode: 0o600 });
    const ledger = open(layout);
    await ledger.exchange();
    expect(ledger.accounts.isKnown(7)).toBe(false);
    ledger.record(set(7, 8_192, 2));
    await ledger.exchange();
    const next = open(layout);
    await next.exchange();
    expect(next.accounts.of(7)).toEqual({ bytes: 8_192, entries: 2 });
  });

  it.each([
    ['a link', (path: string, elsewhere: string) => symlinkSync(elsewhere, path)],
    ['a folder', (path: string) => mkdirSync(path)],
  ])('leaves %s in its place alone, and counts for this process', async (_what, plant) => {
    const layout = folder();
    const elsewhere = `${layout.root}/elsewhere`;
    writeFileSync(elsewhere, 'kept');
    plant(layout.ledger, elsewhere);
    const ledger = open(layout);
    ledger.record(set(7, 8_192, 2));
    await ledger.exchange();
    ledger.record(add(7, 4_096, 1));
    await ledger.exchange();
    expect(ledger.accounts.of(7)).toEqual({ bytes: 12_288, entries: 3 });
    expect(readFileSync(elsewhere, 'utf8')).toBe('kept');
  });

  it('is made anew, with all that is known, when somebody removed it', async () => {
    const layout = folder();
    const ledger = open(layout);
    ledger.record(set(7, 8_192, 2));
    ledger.record(set(8, 4_096, 1));
    await ledger.exchange();
    rmSync(layout.ledger);
    await ledger.exchange();
    ledger.record(add(8, 4_096, 1));
    await ledger.exchange();
    const next = open(layout);
    await next.exchange();
    expect(next.accounts.of(7)).toEqual({ bytes: 8_192, entries: 2 });
    expect(next.accounts.of(8)).toEqual({ bytes: 8_192, entries: 2 });
  });

  it('stays short, and loses nothing when it is summed up', async () => {
    const layout = folder();
    const [one, other] = [open(layout), open(layout)];
    for (let group = 0; group < 256; group++) one.record(set(group, 0, 0));
    await one.exchange();
    let longest = 0;
    for (let n = 0; n < 3_000; n++) {
      one.record(add(n % 256, 4_096, 1));
      other.record(add((n * 7) % 256, -4_096, -1));
      other.record(add(n % 256, 8_192, 2));
      await (n % 3 === 0 ? Promise.all([one.exchange(), other.exchange()]) : other.exchange());
      longest = Math.max(longest, statSync(layout.ledger).size);
    }
    expect(longest).toBeLessThan(70_000);
    for (const ledger of [one, other, open(layout)]) {
      await ledger.exchange();
      await ledger.exchange();
      expect(ledger.accounts.groups).toEqual({ bytes: 3_000 * 8_192, entries: 6_000 });
    }
  });
});

describe('a ledger of several processes', () => {
  let compiled = '';
  beforeAll(() => {
    compiled = mkdtempSync(join(tmpdir(), 'http-larder-compiled-'));
    compileSources(compiled);
    return () => rmSync(compiled, { recursive: true });
  });

  it('has what each of them told, while all of them sum it up', async () => {
    const layout = folder();
    const ledger = open(layout);
    for (let group = 0; group < 256; group++) ledger.record(set(group, 0, 0));
    await ledger.exchange();
    const script = `
      import { Layout } from './managers/disk/format/layout.js';
      import { Ledger } from './managers/disk/limits/ledger.js';
      const ledger = new Ledger(new Layout(process.argv[2]));
      await ledger.exchange();
      for (let n = 0; n < 2500; n++) {
        ledger.record({ kind: 'add', account: n % 256, bytes: 4096, entries: 1 });
        if (n % 2 === 0) await ledger.exchange();
      }
      await ledger.exchange();
      await ledger.close();
      process.send('done');
      process.disconnect();`;
    const path = layout.root.slice(0, layout.root.lastIndexOf('/'));
    const workers = Array.from({ length: 3 }, () => startWorker(compiled, script, [path]));
    await Promise.all(workers.map(async (worker) => await messageOf(worker)));
    for (const worker of workers) expect(await endOf(worker)).toBe(0);
    await ledger.exchange();
    const { bytes, entries } = ledger.accounts.groups;
    expect(bytes).toBe(entries * 4_096);
    // A batch may be lost, or counted twice, when two sum up at once.
    expect(entries).toBeGreaterThan(7_500 * 0.99);
    expect(entries).toBeLessThan(7_500 * 1.01);
    expect(statSync(layout.ledger).size).toBeLessThan(100_000);
  });
});
