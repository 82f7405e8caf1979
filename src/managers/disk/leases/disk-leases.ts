import { andThen, isPromise } from '../../and-then.ts';
import type { Lease, LeaseOptions, MaybePromise } from '../../manager.ts';
import type { DiskClock } from '../disk-options.ts';
import { asyncAccess, errorCode, syncAccess, type FileAccess } from '../files/file-access.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { ReadMode } from '../files/read-mode.ts';
import type { StoreFolder } from '../folder/store-folder.ts';
import { newGeneration, type Layout } from '../format/layout.ts';
import { asyncLeaseFiles, syncLeaseFiles, type LeaseFiles } from './lease-files.ts';
import { decodeLease, encodeLease, lasts, newHolder, type LeaseRecord } from './lease-record.ts';
import { isStale, sweepLeases } from './sweep-leases.ts';

/** So many leases at most lie open at once because of this process; further ones just end. */
const MOST_OPEN = 1000;

/** What is had where nobody needs to wait, or where a disk lets nobody have anything. */
const OPEN: Lease = { renew: () => true, release: () => undefined };

/** What leases work with. */
export interface DiskLeasesParts {
  readonly layout: Layout;
  readonly folder: StoreFolder;
  readonly mode: ReadMode;
  readonly clock: DiskClock;
}

type Files = LeaseFiles & Pick<FileAccess, 'read'>;

/**
 * Leases as small files, `leases/<hash of the key>`: whoever makes the file has the lease until the time in it. One that is
 * over is taken away by another name first, so that of several that find it one removes it. Where the disk cannot be
 * written to, everybody has a lease.
 *
 * Two can have a lease at once when one is held up for longer than it lasts between reading its file and writing it. Then
 * the origin is asked once more, and nothing else.
 */
export class DiskLeases {
  readonly #parts: DiskLeasesParts;
  /** When each lease ends that this process left open, by its path; those that are over come first, or nearly so. */
  readonly #open = new Map<string, number>();
  /** The holders whose leases this process could not end: it does not wait for itself. */
  readonly #unended = new Set<string>();

  constructor(parts: DiskLeasesParts) {
    this.#parts = parts;
  }

  /** Takes the lease on what has a key hash; `undefined` when another has it. */
  take(keyHash: string, { ttlMs }: LeaseOptions): MaybePromise<Lease | undefined> {
    const { layout, folder } = this.#parts;
    const path = layout.lease(keyHash);
    return orElse(
      () => {
        folder.prepareForChange();
        this.#sweepOpen();
        return this.#run((files) => this.#take(files, path, ttlMs));
      },
      // Read-only, full, or without descriptors: nobody waits for what nobody can tell.
      () => OPEN,
    );
  }

  /** Removes what killed processes left. Never rejects. */
  async sweep(): Promise<void> {
    const { layout, clock } = this.#parts;
    await sweepLeases(layout, clock.now()).catch(() => {});
  }

  /** Removes what this process left open. Never rejects. */
  async close(): Promise<void> {
    const paths = [...this.#open.keys()];
    this.#open.clear();
    await Promise.all(paths.map(async (path) => await Promise.resolve(this.#remove(path))));
  }

  #take(files: Files, path: string, ttlMs: number, isAgain = false): MaybePromise<Lease | undefined> {
    const mine: LeaseRecord = { holder: newHolder(), until: this.#now() + ttlMs, isOpen: false };
    return orElse<Lease | undefined>(
      () => andThen(this.#create(files, path, encodeLease(mine)), () => this.#held(path, mine.holder, ttlMs)),
      (error) => {
        if (errorCode(error) !== 'EEXIST') throw error;
        return andThen(files.read(path), (found) => {
          if (found === undefined) return isAgain ? undefined : this.#take(files, path, ttlMs, true);
          const record = decodeLease(found.bytes.toString('latin1'));
          if (record !== undefined && this.#unended.has(record.holder)) return OPEN;
          if (!isStale(found, this.#now())) return record?.isOpen === true ? OPEN : undefined;
          if (isAgain) return undefined;
          return andThen(this.#takeAway(files, path, record), (isAway) =>
            isAway ? this.#take(files, path, ttlMs, true) : undefined,
          );
        });
      },
    );
  }

  #create(files: Files, path: string, text: string): MaybePromise<void> {
    return orElse(
      () => files.create(path, text),
      (error) => {
        if (errorCode(error) !== 'ENOENT') throw error;
        makeFolder(this.#parts.layout.leases);
        return files.create(path, text);
      },
    );
  }

  /** Takes a lease away that is over. `false` when it was another one by then, which is put back. */
  #takeAway(files: Files, path: string, over: LeaseRecord | undefined): MaybePromise<boolean> {
    const aside = `${path}.${newGeneration(this.#now())}`;
    return orElse(
      () =>
        andThen(files.rename(path, aside), () =>
          andThen(files.read(aside), (found) => {
            const taken = found && decodeLease(found.bytes.toString('latin1'));
            if (taken?.holder === over?.holder) return andThen(files.remove(aside), () => true);
            return andThen(files.rename(aside, path), () => false);
          }),
        ),
      (error) => {
        // Another was first.
        if (errorCode(error) === 'ENOENT') return true;
        throw error;
      },
    );
  }

  #held(path: string, holder: string, ttlMs: number): Lease {
    const isMine = (files: Files): MaybePromise<boolean> =>
      andThen(files.read(path), (found) => found !== undefined && holderOf(found.bytes) === holder);
    const write = (files: Files, record: Omit<LeaseRecord, 'holder'>): MaybePromise<boolean> =>
      andThen(isMine(files), (is) =>
        is ? andThen(files.overwrite(path, encodeLease({ holder, ...record })), () => true) : false,
      );
    return {
      renew: () => this.#run((files) => write(files, { until: this.#now() + ttlMs, isOpen: false })),
      release: ({ openForMs = 0 } = {}) => {
        const until = this.#now() + openForMs;
        const failed = (): void => {
          if (this.#unended.size >= MOST_OPEN) this.#unended.clear();
          this.#unended.add(holder);
        };
        if (openForMs <= 0 || this.#open.size >= MOST_OPEN) {
          return orElse(
            () => this.#run((files) => andThen(isMine(files), (is) => (is ? files.remove(path) : undefined))),
            failed,
          );
        }
        this.#open.set(path, until);
        return orElse<void>(
          () =>
            andThen(
              this.#run((files) => write(files, { until, isOpen: true })),
              () => undefined,
            ),
          failed,
        );
      },
    };
  }

  /** Removes what this process left open and is over. */
  #sweepOpen(): void {
    for (const [path, until] of this.#open) {
      if (lasts({ until }, this.#now())) break;
      this.#open.delete(path);
      void this.#remove(path);
    }
  }

  /** Removes a file; that it is gone, or cannot be removed, changes nothing: it is over. */
  #remove(path: string): MaybePromise<void> {
    return orElse(
      () => this.#run((files) => files.remove(path)),
      () => undefined,
    );
  }

  #run<T>(work: (files: Files) => T): T {
    return this.#parts.mode.run((files) =>
      work(
        files === syncAccess
          ? { ...syncLeaseFiles, read: (path) => syncAccess.read(path) }
          : { ...asyncLeaseFiles, read: (path) => asyncAccess.read(path) },
      ),
    );
  }

  #now(): number {
    return this.#parts.clock.now();
  }
}

function holderOf(bytes: Buffer): string | undefined {
  return decodeLease(bytes.toString('latin1'))?.holder;
}

/** Does something, and something else when it throws or rejects. */
function orElse<T>(
  attempt: () => MaybePromise<T>,
  instead: (error: unknown) => MaybePromise<T>,
): MaybePromise<T> {
  try {
    const outcome = attempt();
    return isPromise(outcome) ? outcome.catch(instead) : outcome;
  } catch (error) {
    return instead(error);
  }
}
