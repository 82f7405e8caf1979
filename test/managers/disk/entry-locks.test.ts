import { describe, expect, it } from 'vitest';
import { EntryLocks } from '../../../src/managers/disk/entries/entry-locks.ts';

const ENTRY = `aa${'0'.repeat(62)}`;
const NEIGHBOUR = `aa${'1'.repeat(62)}`;
const GROUP = 0xaa;

/** Lets everything go on that need not wait for anything. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Something that lasts until it is ended. */
function lasting(
  log: string[],
  name: string,
): { readonly run: () => Promise<void>; readonly end: () => void } {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<void> => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
  };
  return { run, end };
}

describe('changes and scans of a group', () => {
  it('let the changes of one entry follow each other, also after one failed', async () => {
    const locks = new EntryLocks();
    const log: string[] = [];
    const first = lasting(log, 'first');
    const failing = locks.change(ENTRY, async () => {
      await first.run();
      throw new Error('failed');
    });
    const second = locks.change(ENTRY, async () => void log.push('second'));
    const neighbour = locks.change(NEIGHBOUR, async () => void log.push('neighbour'));
    await neighbour;
    expect(log).toEqual(['first begins', 'neighbour']);
    first.end();
    await expect(failing).rejects.toThrow('failed');
    await second;
    expect(log).toEqual(['first begins', 'neighbour', 'first ends', 'second']);
  });

  it('keep a scan from a group while it is changed, and changes while it is scanned', async () => {
    const locks = new EntryLocks();
    const log: string[] = [];
    const [change, scan] = [lasting(log, 'change'), lasting(log, 'scan')];
    const changing = locks.change(ENTRY, change.run);
    const scanning = locks.scan(GROUP, scan.run);
    await settle();
    change.end();
    await changing;
    await settle();
    const next = locks.change(NEIGHBOUR, async () => void log.push('next'));
    await settle();
    expect(log).toEqual(['change begins', 'change ends', 'scan begins']);
    scan.end();
    await Promise.all([scanning, next]);
    expect(log).toEqual(['change begins', 'change ends', 'scan begins', 'scan ends', 'next']);
  });

  it('let a change make another in its group while a scan waits', async () => {
    const locks = new EntryLocks();
    const log: string[] = [];
    let scanning: Promise<unknown> | undefined;
    await locks.change(ENTRY, async () => {
      scanning = locks.scan(GROUP, async () => void log.push('scan'));
      await settle();
      await locks.change(NEIGHBOUR, async () => void log.push('inner'));
    });
    await scanning;
    expect(log).toEqual(['inner', 'scan']);
  });

  it('let one scan of a group follow another', async () => {
    const locks = new EntryLocks();
    const log: string[] = [];
    const first = lasting(log, 'first');
    const scans = [locks.scan(GROUP, first.run), locks.scan(GROUP, async () => void log.push('second'))];
    await settle();
    expect(log).toEqual(['first begins']);
    first.end();
    await Promise.all(scans);
    expect(log).toEqual(['first begins', 'first ends', 'second']);
  });
});
