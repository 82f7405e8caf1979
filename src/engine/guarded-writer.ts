import type { CacheWriter, CommitOptions, MaybePromise } from '../managers/manager.ts';

/** A manager's writer whose end cannot hurt: `abort` neither throws nor keeps anybody waiting. */
export class GuardedWriter implements CacheWriter {
  /** The manager's own. */
  readonly writer: CacheWriter;
  readonly #report: (error: unknown) => void;

  constructor(writer: CacheWriter, report: (error: unknown) => void) {
    this.writer = writer;
    this.#report = report;
  }

  write(chunk: Uint8Array): MaybePromise<void> {
    return this.writer.write(chunk);
  }

  async commit(options: CommitOptions): Promise<boolean> {
    return this.writer.commit(options);
  }

  async abort(reason?: unknown): Promise<void> {
    try {
      this.writer.abort(reason).catch(this.#report);
    } catch (error) {
      this.#report(error);
    }
  }
}
