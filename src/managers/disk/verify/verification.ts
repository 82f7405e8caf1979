import { errorCode } from '../files/file-access.ts';
import { GROUPS } from '../format/layout.ts';
import type { StoreParts } from '../store-parts.ts';
import { KnownBodies } from './known-bodies.ts';
import type { ResolvedVerifyOptions } from './verify-options.ts';
import { noProblems, type VerifyProblem, type VerifyReport } from './verify-report.ts';

/** Keys, or anchors, that are looked at at once. */
const PARALLEL = 8;

/** A problem before it is known whether it can be mended. */
export type Finding = Omit<VerifyProblem, 'mended'>;

/** One verification under way: what it works with, and what it has found so far. */
export class Verification {
  readonly parts: StoreParts;
  /** Whether to mend. */
  readonly mend: boolean;
  /** Bodies that were read, so that one that several entries share is read once. */
  readonly bodies: KnownBodies = new KnownBodies();
  readonly #options: ResolvedVerifyOptions;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  readonly #kinds = noProblems();
  #group = 0;
  #entries = 0;
  #tornEntries = 0;
  #bytes = 0;
  #problems = 0;
  #mended = 0;
  #foreign = 0;
  #otherFormats: readonly string[] = [];

  /** `closing` is aborted when the manager is closed. */
  constructor(parts: StoreParts, options: ResolvedVerifyOptions, closing: AbortSignal) {
    this.parts = parts;
    this.mend = options.mend;
    this.#options = options;
    const { signal } = options;
    const signals = [this.#stopping.signal, closing, ...(signal === undefined ? [] : [signal])];
    this.#signal = AbortSignal.any(signals);
  }

  /** Throws the reason why it is to end, if it is. */
  mustGoOn(): void {
    this.#signal.throwIfAborted();
  }

  /** Does something with each item, several at once; the first failure ends the whole verification. */
  async each<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
    const queue = items.values();
    const takeNext = async (): Promise<void> => {
      for (const item of queue) {
        this.mustGoOn();
        await task(item);
      }
    };
    const workers = Array.from({ length: PARALLEL }, async () => {
      await takeNext().catch((error: unknown) => this.#stopping.abort(error));
    });
    await Promise.all(workers);
    this.mustGoOn();
  }

  /** Looks at something; that the file system does not let it is a problem of its own. */
  async look(path: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.mustGoOn();
      const code = errorCode(error);
      if (code === undefined) throw error;
      this.left({ kind: 'unreadable', path, code });
    }
  }

  /**
   * Counts and tells a problem, after mending it where that is wanted.
   *
   * @param mending - asks again whether it still is so and then mends it; gives `false` when it is not so any more.
   * @returns `false` in that case: it was no problem then.
   */
  async found(finding: Finding, mending: Mending): Promise<boolean> {
    this.mustGoOn();
    if (!this.mend) {
      const stands = await mending.stands();
      if (stands) this.#report({ ...finding, mended: false });
      return stands;
    }
    let stood: boolean;
    try {
      stood = await mending.mend();
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      this.left({ ...finding, code });
      return true;
    }
    if (stood) this.#report({ ...finding, mended: true });
    return stood;
  }

  /** Counts and tells a problem that stays. */
  left(finding: Finding): void {
    this.#report({ ...finding, mended: false });
  }

  /** Counts an entry that is whole and right. */
  right({ torn }: { readonly torn: boolean }): void {
    this.#entries++;
    if (torn) this.#tornEntries++;
  }

  /** Counts bytes that were read. */
  read(bytes: number): void {
    this.mustGoOn();
    this.#bytes += bytes;
    this.#tell();
  }

  /** Counts what has a name that is none of ours. */
  foreign(): void {
    this.#foreign++;
  }

  /** Notes the stores of other formats that lie beside. */
  besides(names: readonly string[]): void {
    this.#otherFormats = names;
  }

  /** A group is done. */
  groupDone(): void {
    this.#group++;
    this.#tell();
  }

  report(): VerifyReport {
    return {
      entries: this.#entries,
      tornEntries: this.#tornEntries,
      bytes: this.#bytes,
      problems: this.#problems,
      mended: this.#mended,
      kinds: { ...this.#kinds },
      foreign: this.#foreign,
      otherFormats: this.#otherFormats,
    };
  }

  #report(problem: VerifyProblem): void {
    this.#problems++;
    this.#kinds[problem.kind]++;
    if (problem.mended) this.#mended++;
    this.#call(() => this.#options.onProblem?.(problem));
  }

  #tell(): void {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    const [group, entries, bytes, problems] = [this.#group, this.#entries, this.#bytes, this.#problems];
    this.#call(() => onProgress({ group, groups: GROUPS, entries, bytes, problems }));
  }

  /** What a caller's function throws must not pass for a fault of the file that is being looked at. */
  #call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#stopping.abort(error);
      throw error;
    }
  }
}

/** How to mend a problem, or to make sure of it. */
export interface Mending {
  /** Mends it if it still is so; gives whether it was. */
  readonly mend: () => Promise<boolean>;
  /** Whether it still is so. */
  readonly stands: () => Promise<boolean>;
}
