import type { Layout } from '../format/layout.ts';
import { INCOMING, OLDER } from './accounts.ts';
import { Ledger } from './ledger.ts';
import type { Usage } from './usage.ts';

/**
 * What is stored, by group, as the ledger tells it to all processes. A group counts from its first scan on; as hashes
 * spread evenly, those that were not scanned yet are taken to hold as much as the others. What this process is about to
 * store is counted apart, and so is what takes room of the limits and cannot be evicted.
 */
export class Totals {
  readonly #ledger: Ledger;
  #heldBytes = 0;
  #heldEntries = 0;
  #incoming = 0;

  constructor(layout: Layout) {
    this.#ledger = new Ledger(layout);
  }

  /** Entries in the groups that were scanned. */
  get scannedEntries(): number {
    return this.#ledger.accounts.groups.entries;
  }

  /** Whether all groups were scanned, by this process or another. */
  get areKnown(): boolean {
    return this.#ledger.accounts.allGroupsKnown;
  }

  /** Whether a group was scanned. */
  isKnown(group: number): boolean {
    return this.#ledger.accounts.isKnown(group);
  }

  /** All that is stored, as far as that is known. */
  stored(): Usage {
    return this.#ledger.accounts.estimate;
  }

  /** Bytes that are taken by bodies which other processes have under way. */
  others(): number {
    return Math.max(0, this.#ledger.accounts.of(INCOMING).bytes - this.#incoming);
  }

  /** Bytes that older formats take. */
  older(): number {
    return Math.max(0, this.#ledger.accounts.of(OLDER).bytes);
  }

  /** What is about to be stored. */
  held(): Usage {
    return { bytes: this.#heldBytes, entries: this.#heldEntries };
  }

  /** Counts, or no longer counts, what is about to be stored. */
  hold({ bytes, entries }: Usage, sign: 1 | -1): void {
    this.#heldBytes += sign * bytes;
    this.#heldEntries += sign * entries;
  }

  /** Tells the others what a body that this process has under way takes besides, or no longer takes, of what is held. */
  announce(bytes: number): void {
    if (bytes === 0) return;
    this.#incoming += bytes;
    this.#ledger.record({ kind: 'add', account: INCOMING, bytes, entries: 0 });
  }

  /** Takes over what other processes have under way, as their files say. */
  setIncoming(bytesOfOthers: number): void {
    this.#set(INCOMING, { bytes: bytesOfOthers + this.#incoming, entries: 0 });
  }

  /** Takes over what older formats take. */
  setOlder(bytes: number): void {
    this.#set(OLDER, { bytes, entries: 0 });
  }

  /** Counts what came into a group, or left it. */
  change(group: number, { bytes, entries }: Usage): void {
    if (bytes === 0 && entries === 0) return;
    this.#ledger.record({ kind: 'add', account: group, bytes, entries });
  }

  /** What a group holds. */
  group(group: number): Usage {
    return this.#ledger.accounts.of(group);
  }

  /** Takes over what a scan of a group found. */
  set(group: number, { bytes, entries }: Usage): void {
    this.#set(group, { bytes, entries });
  }

  /** Learns what the other processes changed. Never rejects. */
  async learn(): Promise<void> {
    await this.#ledger.exchange();
  }

  /** Forgets all that was stored: it is gone, with the folder. */
  forget(): void {
    this.#ledger.forget();
  }

  /** Has all told to the others. */
  async close(): Promise<void> {
    await this.#ledger.close();
  }

  #set(account: number, { bytes, entries }: Usage): void {
    const { accounts } = this.#ledger;
    const found = { bytes: Math.round(bytes), entries };
    const known = accounts.of(account);
    const isNew = !accounts.isKnown(account) || known.bytes !== found.bytes || known.entries !== entries;
    if (isNew) this.#ledger.record({ kind: 'set', account, ...found });
  }
}
