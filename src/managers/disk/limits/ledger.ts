import fs from 'fs-extra';
import { absentAsUndefined } from '../files/file-access.ts';
import { linkNew } from '../files/link-new.ts';
import { createFile, writeWhole } from '../files/new-file.ts';
import { newGeneration, type Layout } from '../format/layout.ts';
import { Accounts, type Change } from './accounts.ts';
import { mustBeIncoming } from './incoming-files.ts';
import { LedgerFile } from './ledger-file.ts';
import { encodeChange, encodeHead } from './ledger-lines.ts';
import { PendingChanges } from './pending-changes.ts';

/** A ledger that is longer, in bytes, is summed up in a new one. */
const MOST_BYTES = 64 * 1024;

/** So many batches of this process are remembered as it told them. */
const MOST_TOLD = 16;

/** How often an exchange starts again: each time another process had put a new ledger in the place of the one at hand. */
const ROUNDS = 8;

/** Changes of this process, and how long the ledger was when they stood in it. */
interface Told {
  readonly changes: readonly Change[];
  readonly end: number;
}

/*
 * What the processes on one folder tell each other about its sizes: a file to which each appends what it changed, and which
 * each reads from where it read last. Only this makes several keep one limit; what is stored is what lies in the folders.
 *
 * How much can go wrong. A process that is killed takes with it what it changed but has not appended: what was under way,
 * one batch. What is appended to a ledger that is just being summed up is appended again to the new one by whoever wrote
 * it, as that says how much of the old one is in it; it is lost, or counted twice, if its writer is killed, two processes
 * sum up within a millisecond, or the sum was cut between the end of a batch and that of the next one: again one batch. A
 * scan may miss what others change in that group while it lasts. No such error grows: each scan of a group ends all of
 * those in its figures, and whoever has to make room scans.
 *
 * Its own faults hurt nobody: what cannot be appended stays in memory, one figure an account, until it can.
 */

/** The accounts of a store, shared with the other processes on its folder. */
export class Ledger {
  readonly #layout: Layout;
  /** What the file says. */
  readonly #written = new Accounts();
  /** What it will say: with what this process has not appended yet. */
  readonly #accounts = new Accounts();
  readonly #pending = new PendingChanges();
  #file: LedgerFile | undefined;
  #sumUpFrom = MOST_BYTES;
  #told: Told[] = [];
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;
  #closed = false;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** What is stored as far as this process knows. */
  get accounts(): Pick<Accounts, 'isKnown' | 'allGroupsKnown' | 'of' | 'groups' | 'estimate'> {
    return this.#accounts;
  }

  /** Makes a change at once here, and soon for the others. */
  record(change: Change): void {
    this.#accounts.apply(change);
    this.#pending.add(change);
    void this.exchange();
  }

  /** Tells the others what is still to be told, and learns what they told. Never rejects. */
  exchange(): Promise<void> {
    if (this.#waiting !== undefined) return this.#waiting;
    const exchange = this.#running.then(async () => {
      this.#waiting = undefined;
      await this.#exchange();
      if (this.#closed) await this.#forgetFile();
    });
    this.#waiting = exchange;
    this.#running = exchange;
    return exchange;
  }

  /** Forgets all: the folder that it was about is gone. What lies there by then is read with the next exchange. */
  forget(): void {
    // An exchange that waits already would be over before.
    this.#waiting = undefined;
    this.#running = this.#running.then(async () => {
      await this.#forgetFile();
      this.#pending.take();
      for (const accounts of [this.#written, this.#accounts]) accounts.copy(new Accounts());
    });
  }

  /** Tells what is still to be told, and closes the file. What is recorded later is told, too, and leaves nothing open. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#pending.isEmpty) await this.exchange();
    await this.#running;
    await this.#forgetFile();
  }

  async #exchange(): Promise<void> {
    try {
      for (let round = 0; round < ROUNDS; round++) if (await this.#isExchanged()) return;
    } catch {
      // The file is opened anew next time; what it said is known until then.
      await this.#forgetFile();
    }
  }

  async #isExchanged(): Promise<boolean> {
    const file = (this.#file ??= await this.#open());
    if (file === undefined) return true;
    const changes = await this.#append(file, this.#pending.take());
    // Asked once the lines are there: who sums the ledger up later has read them.
    const isCurrent = await file.isCurrent();
    this.#learn(await file.read());
    if (changes.length > 0) this.#told = [...this.#told.slice(1 - MOST_TOLD), { changes, end: file.length }];
    if (!isCurrent) {
      await this.#follow(file.head.id);
      return false;
    }
    if (file.length > this.#sumUpFrom) await this.#sumUp(file);
    return true;
  }

  /** Appends changes and gives those that the disk took; the others are pending again. */
  async #append(file: LedgerFile, changes: readonly Change[]): Promise<readonly Change[]> {
    let count = 0;
    try {
      const lines = changes.map(encodeChange);
      let taken = lines.length === 0 ? 0 : await file.append(lines.join(''));
      for (const line of lines) if ((taken -= line.length) >= 0) count++;
      return changes.slice(0, count);
    } finally {
      this.#pending.addBefore(changes.slice(count));
    }
  }

  #learn(changes: Iterable<Change>): void {
    for (const change of changes) this.#written.apply(change);
    this.#accounts.copy(this.#written);
    for (const change of this.#pending) this.#accounts.apply(change);
  }

  /** Opens the ledger, or makes one where there is none and something to tell. */
  async #open(): Promise<LedgerFile | undefined> {
    let opened = await LedgerFile.open(this.#layout.ledger);
    if (opened === 'damaged' || (opened === 'absent' && !this.#pending.isEmpty)) {
      await this.#publish(opened, []);
      opened = await LedgerFile.open(this.#layout.ledger);
    }
    if (typeof opened === 'string') return undefined;
    const known = [...this.#accounts.asChanges()];
    this.#written.copy(new Accounts());
    for (const change of opened.changes) this.#written.apply(change);
    // A new one may not have what the one before it had.
    for (const change of known) if (!this.#written.isKnown(change.account)) this.#pending.add(change);
    this.#learn([]);
    this.#sumUpFrom = MOST_BYTES;
    return opened.file;
  }

  /** Goes on with the ledger that took the place of one: what that one does not have of ours is to be told again. */
  async #follow(previous: string): Promise<void> {
    const told = this.#told;
    await this.#forgetFile();
    this.#file = await this.#open();
    const head = this.#file?.head;
    if (head?.previous !== previous) return;
    const untold = told.filter(({ end }) => end > head.length).flatMap(({ changes }) => changes);
    this.#pending.addBefore(untold);
    this.#learn([]);
  }

  /** Puts a short ledger in the place of a long one. Where that fails, it is tried when there is as much more. */
  async #sumUp(file: LedgerFile): Promise<void> {
    this.#sumUpFrom = file.length + MOST_BYTES;
    await this.#publish(file, this.#written.asChanges()).catch(() => {});
  }

  /** Writes a ledger aside, so that nobody reads half of one, and puts it in the place of what is there. */
  async #publish(before: LedgerFile | 'absent' | 'damaged', changes: Iterable<Change>): Promise<void> {
    const id = newGeneration(Date.now());
    const head =
      typeof before === 'string'
        ? { id, previous: undefined, length: 0 }
        : { id, previous: before.head.id, length: before.length };
    const lines = [encodeHead(head), ...Array.from(changes, encodeChange)];
    await mustBeIncoming(this.#layout);
    const temporary = this.#layout.incoming(id);
    const descriptor = await createFile(temporary);
    try {
      await writeWhole(descriptor, Buffer.from(lines.join(''), 'latin1'), 0);
      await this.#giveName(temporary, before);
    } finally {
      await fs.close(descriptor);
      await fs.unlink(temporary).catch(absentAsUndefined);
    }
  }

  async #giveName(temporary: string, before: LedgerFile | 'absent' | 'damaged'): Promise<void> {
    const { ledger } = this.#layout;
    // Of several that are made at once the first counts.
    if (before === 'absent' && (await linkNew(temporary, ledger)) !== 'impossible') return;
    if (typeof before !== 'string' && !(await before.isCurrent())) return;
    await fs.rename(temporary, ledger);
  }

  async #forgetFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#told = [];
    await file?.close().catch(() => {});
  }
}
