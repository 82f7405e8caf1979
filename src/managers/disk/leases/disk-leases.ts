import { andThen } from '../../and-then.ts';
import type { Lease, LeaseOptions, MaybePromise } from '../../manager.ts';
import type { DiskClock } from '../disk-options.ts';
import { asyncAccess, errorCode, syncAccess, type FileAccess } from '../files/file-access.ts';
import { NO_LINKS } from '../files/link-new.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { ReadMode } from '../files/read-mode.ts';
import type { StoreFolder } from '../folder/store-folder.ts';
import { newGeneration, type Layout } from '../format/layout.ts';
import { asyncLeaseFiles, syncLeaseFiles, type LeaseFiles } from './lease-files.ts';
import { decodeLease, encodeLease, lasts, newHolder, type LeaseRecord } from './lease-record.ts';
import { orElse } from './or-else.ts';
import { SpareFiles } from './spare-files.ts';
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

/** A lease that this process has, or left open. */
interface OwnLease {
  readonly path: string;
  readonly name: string;
  readonly holder: string;
  /** The name that its file has besides; `undefined` where it has none. */
  readonly spare: string | undefined;
}

/**
 * Leases as small files, `leases/<hash of the key>`: whoever makes the name has the lease until the time in it. One that is
 * over is taken away by another name first, so that of several that find it one removes it. Where the disk cannot be
 * written to, everybody has a lease.
 *
 * Two can have a lease at once when one is held up for longer than it lasts between reading its file and writing it. Then
 * the origin is asked once more, and nothing else.
 */
export class DiskLeases {
  readonly #parts: DiskLeasesParts;
  readonly #spares: SpareFiles;
  #hasLinks = true;
  /** The leases that this process left open, and when each ends; those that are over come first, or nearly so. */
  readonly #open = new Map<OwnLease, number>();
  /** The holders whose leases this process could not end: it does not wait for itself. */
  readonly #unended = new Set<string>();

  constructor(parts: DiskLeasesParts) {
    this.#parts = parts;
    this.#spares = new SpareFiles(parts.layout, () => this.#now());
  }

  /** Takes the lease on what has a key hash; `undefined` when another has it. */
  take(keyHash: string, { ttlMs }: LeaseOptions): MaybePromise<Lease | undefined> {
    const { folder } = this.#parts;
    return orElse(
      () => {
        folder.prepareForChange();
        this.#sweepOpen();
        return this.#run((files) => this.#take(files, keyHash, ttlMs));
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
    const open = [...this.#open.keys()];
    this.#open.clear();
    await Promise.all(open.map(async (own) => await this.#remove(own)));
    await this.#run((files) => this.#spares.close(files));
  }

  #take(files: Files, name: string, ttlMs: number, isAgain = false): MaybePromise<Lease | undefined> {
    const path = this.#parts.layout.lease(name);
    const mine: LeaseRecord = { holder: newHolder(), name, until: this.#now() + ttlMs, isOpen: false };
    return orElse<Lease | undefined>(
      () =>
        andThen(this.#create(files, path, mine), (spare) =>
          this.#held({ path, name, holder: mine.holder, spare }, ttlMs),
        ),
      (error) => {
        if (errorCode(error) !== 'EEXIST') throw error;
        return andThen(files.read(path), (found) => {
          if (found === undefined) return isAgain ? undefined : this.#take(files, name, ttlMs, true);
          const record = decodeLease(found.bytes.toString('latin1'));
          if (record !== undefined && this.#unended.has(record.holder)) return OPEN;
          if (!isStale(found, name, this.#now())) return record?.isOpen === true ? OPEN : undefined;
          if (isAgain) return undefined;
          return andThen(this.#takeAway(files, path, record), (isAway) =>
            isAway ? this.#take(files, name, ttlMs, true) : undefined,
          );
        });
      },
    );
  }

  /** Makes a lease; gives the other name of its file, if that has one. */
  #create(files: Files, path: string, record: LeaseRecord): MaybePromise<string | undefined> {
    const create = (): MaybePromise<string | undefined> =>
      this.#hasLinks
        ? this.#link(files, path, record)
        : andThen(files.create(path, encodeLease(record)), () => undefined);
    return orElse(create, (error) => {
      if (errorCode(error) !== 'ENOENT') throw error;
      makeFolder(this.#parts.layout.leases);
      return create();
    });
  }

  #link(files: Files, path: string, record: LeaseRecord): MaybePromise<string | undefined> {
    const text = encodeLease(record);
    return andThen(this.#spares.take(files, text), (spare) =>
      orElse<string | undefined>(
        () => andThen(files.link(spare, path), () => spare),
        (error) => {
          const code = errorCode(error);
          if (code === 'EEXIST') {
            // Over a network, the answer to a link that was made may be lost and asked for again.
            return andThen(this.#isOf(files, path, record.holder), (isMade) => {
              if (isMade) return spare;
              return andThen(this.#spares.giveBack(files, spare), () => {
                throw error;
              });
            });
          }
          return andThen(this.#spares.drop(files, spare), () => {
            if (!NO_LINKS.has(code)) throw error;
            this.#hasLinks = false;
            return andThen(files.create(path, text), () => undefined);
          });
        },
      ),
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

  #held(own: OwnLease, ttlMs: number): Lease {
    return {
      renew: () =>
        this.#run((files) => this.#write(files, own, { until: this.#now() + ttlMs, isOpen: false })),
      release: ({ openForMs = 0 } = {}) => {
        const until = this.#now() + openForMs;
        const isLeftOpen = openForMs > 0 && this.#open.size < MOST_OPEN;
        if (isLeftOpen) this.#open.set(own, until);
        return orElse<void>(
          () =>
            this.#run((files) =>
              isLeftOpen
                ? andThen(this.#write(files, own, { until, isOpen: true }), () => undefined)
                : this.#end(files, own),
            ),
          () => {
            if (this.#unended.size >= MOST_OPEN) this.#unended.clear();
            this.#unended.add(own.holder);
          },
        );
      },
    };
  }

  /** Writes over a lease. `false` when it was lost to another. */
  #write(
    files: Files,
    { path, name, holder }: OwnLease,
    state: Pick<LeaseRecord, 'until' | 'isOpen'>,
  ): MaybePromise<boolean> {
    return andThen(this.#isOf(files, path, holder), (is) =>
      is ? andThen(files.overwrite(path, encodeLease({ holder, name, ...state })), () => true) : false,
    );
  }

  /** Removes a lease, unless it was lost to another. */
  #end(files: Files, { path, holder, spare }: OwnLease): MaybePromise<void> {
    return andThen(this.#isOf(files, path, holder), (is) => {
      if (is) {
        return andThen(files.remove(path), () =>
          spare === undefined ? undefined : this.#spares.giveBack(files, spare),
        );
      }
      // Whoever took it away may be looking at it.
      return spare === undefined ? undefined : this.#spares.drop(files, spare);
    });
  }

  #isOf(files: Files, path: string, holder: string): MaybePromise<boolean> {
    return andThen(files.read(path), (found) => {
      const record = found && decodeLease(found.bytes.toString('latin1'));
      return record?.holder === holder;
    });
  }

  /** Removes what this process left open and is over. */
  #sweepOpen(): void {
    for (const [own, until] of this.#open) {
      if (lasts({ until }, this.#now())) break;
      this.#open.delete(own);
      void this.#remove(own);
    }
  }

  /** Removes a lease; that it cannot be removed changes nothing: it is over. */
  #remove(own: OwnLease): MaybePromise<void> {
    return orElse(
      () => this.#run((files) => this.#end(files, own)),
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
