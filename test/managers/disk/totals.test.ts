import { describe, expect, it } from 'vitest';
import { Layout } from '../../../src/managers/disk/format/layout.ts';
import { Totals } from '../../../src/managers/disk/limits/totals.ts';
import { blockBytes } from '../../../src/managers/disk/limits/usage.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('what is stored', () => {
  it('is taken to be alike in groups that were not scanned', () => {
    const totals = new Totals(new Layout(temporaryFolder()));
    expect(totals.stored()).toEqual({ bytes: 0, entries: 0 });
    totals.set(0, { bytes: 4_096, entries: 1 });
    totals.set(1, { bytes: 12_288, entries: 3 });
    expect(totals.stored()).toEqual({ bytes: 8_192 * 256, entries: 512 });
  });

  it('changes with a group once that was scanned, and is set right by the next scan', () => {
    const totals = new Totals(new Layout(temporaryFolder()));
    totals.change(7, { bytes: 4_096, entries: 1 });
    for (let group = 0; group < 256; group++) totals.set(group, { bytes: 0, entries: 0 });
    expect(totals.stored()).toEqual({ bytes: 0, entries: 0 });
    totals.change(7, { bytes: 4_096, entries: 1 });
    totals.change(7, { bytes: 4_096, entries: 1 });
    expect(totals.stored()).toEqual({ bytes: 8_192, entries: 2 });
    totals.set(7, { bytes: 4_096, entries: 1 });
    expect(totals.stored()).toEqual({ bytes: 4_096, entries: 1 });
    expect(totals.group(7)).toEqual({ bytes: 4_096, entries: 1 });
  });

  it('is apart from what is about to be', () => {
    const totals = new Totals(new Layout(temporaryFolder()));
    totals.hold({ bytes: 4_096, entries: 1 }, 1);
    expect(totals.held()).toEqual({ bytes: 4_096, entries: 1 });
    expect(totals.stored()).toEqual({ bytes: 0, entries: 0 });
    totals.hold({ bytes: 4_096, entries: 1 }, -1);
    expect(totals.held()).toEqual({ bytes: 0, entries: 0 });
  });

  it('counts whole blocks', () => {
    expect([0, 1, 4_096, 4_097].map(blockBytes)).toEqual([0, 4_096, 4_096, 8_192]);
  });
});
