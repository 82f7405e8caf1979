import { andThen } from '../../and-then.ts';
import type { MaybePromise } from '../../manager.ts';
import { errorCode } from '../files/file-access.ts';
import { newGeneration, type Layout } from '../format/layout.ts';
import type { LeaseFiles } from './lease-files.ts';
import { orElse } from './or-else.ts';

/** So many are kept for later; more are only in use while so many leases are held at once. */
const MOST_KEPT = 16;

/**
 * Files under names of their own, which become leases by one more name and are written over for the next one: to make a file
 * and remove it for each lease takes ext4 a hundred times as long. Who has one gives it back once it has no other name.
 */
export class SpareFiles {
  readonly #layout: Layout;
  readonly #now: () => number;
  readonly #free: string[] = [];

  constructor(layout: Layout, now: () => number) {
    this.#layout = layout;
    this.#now = now;
  }

  /** Has a text written to one; gives its path. */
  take(files: LeaseFiles, text: string): MaybePromise<string> {
    const spare = this.#free.pop();
    if (spare === undefined) return this.#make(files, text);
    return orElse(
      () => andThen(files.overwrite(spare, text), () => spare),
      (error) => {
        // Swept away, or cleared.
        if (errorCode(error) === 'ENOENT') return this.#make(files, text);
        throw error;
      },
    );
  }

  /** It leads nowhere any more. Never throws. */
  giveBack(files: LeaseFiles, spare: string): MaybePromise<void> {
    if (this.#free.length >= MOST_KEPT) return this.drop(files, spare);
    this.#free.push(spare);
  }

  /** It may still lead somewhere: what is there must not be written over. Never throws. */
  drop(files: LeaseFiles, spare: string): MaybePromise<void> {
    return orElse(
      () => files.remove(spare),
      () => undefined,
    );
  }

  /** Removes those that are kept. Never throws. */
  async close(files: LeaseFiles): Promise<void> {
    for (const spare of this.#free.splice(0)) await this.drop(files, spare);
  }

  #make(files: LeaseFiles, text: string): MaybePromise<string> {
    const path = this.#layout.spareLease(newGeneration(this.#now()));
    return andThen(files.create(path, text), () => path);
  }
}
