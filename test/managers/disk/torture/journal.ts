import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What a process did, in order. Times are microseconds of a clock that all processes share. */
export type Line =
  /** A change began, after which readers may see that response. */
  | ['begun', name: string]
  /** A change was made; readers see that response from then on, nothing where the name is empty. `null` is all keys. */
  | ['changed', key: string | null, name: string, begin: number, end: number]
  /** A response was not stored, so nobody may ever see it. */
  | ['dropped', name: string]
  /** A response was seen, by a look-up that began then. */
  | ['seen', key: string, name: string, begin: number]
  /** An update replaced this revision of a key. */
  | ['updated', key: string, revision: string]
  /** Something that must not happen. */
  | ['fault', text: string]
  /** The secret of the store. */
  | ['secret', hex: string];

/** The journal of one process, in a file: what was written is there even when the process is killed at once. */
export class Journal {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a');
  }

  write(line: Line): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Reads a journal, without the line that a kill may have cut; nothing where the kill came before the journal. */
export function readJournal(path: string): Line[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

/** The time in microseconds, on a clock that never goes back and that all processes of a machine share. */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
