/** What entries take. */
export interface Usage {
  /** Bytes, in whole blocks. */
  readonly bytes: number;
  /** Their number. */
  readonly entries: number;
}

/** Nothing at all. */
export const NOTHING: Usage = { bytes: 0, entries: 0 };

/** What a file takes on disk: whole blocks, as nearly every file system gives them out. */
export function blockBytes(size: number): number {
  return Math.ceil(size / 4096) * 4096;
}
