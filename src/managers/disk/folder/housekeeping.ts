import type { ResolvedDiskOptions } from '../disk-options.ts';
import type { DiskLeases } from '../leases/disk-leases.ts';
import type { Layout } from '../format/layout.ts';
import type { Totals } from '../limits/totals.ts';
import { tendOlderFormats } from './older-formats.ts';
import { removeTrash } from './trash.ts';

/** What is kept in order. */
export interface HousekeepingParts {
  readonly layout: Layout;
  readonly options: ResolvedDiskOptions;
  /** Where is written down what older formats take. */
  readonly totals: Totals;
  readonly leases: Pick<DiskLeases, 'sweep'>;
}

/**
 * What is done once by each process that stores, in the background: killed processes may have left trash, and earlier
 * versions of this package stores of older formats. Who only reads does none of it.
 */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  readonly #stop = new AbortController();
  #work: Promise<void> | undefined;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
  }

  /** Begins, unless it has begun before. */
  start(): void {
    this.#work ??= this.#keep();
  }

  /** Ends it at the next opportunity; what is left undone is for the next process. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  /** Never rejects: whatever fails, the next process tries again. */
  async #keep(): Promise<void> {
    await removeTrash(this.#parts.layout, this.#stop.signal).catch(() => {});
    await this.#parts.leases.sweep();
    await this.#tendOlderFormats().catch(() => {});
  }

  async #tendOlderFormats(): Promise<void> {
    const { options, totals } = this.#parts;
    const { signal } = this.#stop;
    const bytes = await tendOlderFormats({ path: options.path, now: options.clock.now(), signal });
    if (signal.aborted) return;
    await totals.learn();
    if (bytes > 0 || totals.older() > 0) totals.setOlder(bytes);
  }
}
