import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command line runs in: a process, or a test. */
export interface Surroundings {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user wants it to stop. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
}
