/**
 * What can be wrong in the folder of a store. `docs/verify.md` says of each what it comes from and how it is mended.
 */
export type VerifyProblemKind =
  | 'damaged-entry'
  | 'missing-body'
  | 'damaged-body'
  | 'unnamed-body'
  | 'lone-anchor'
  | 'damaged-anchor'
  | 'abandoned-file'
  | 'abandoned-trash'
  | 'damaged-secret'
  | 'wrong-mode'
  | 'wrong-type'
  | 'unreadable';

/** Something that is wrong. */
export interface VerifyProblem {
  /** What is wrong. */
  readonly kind: VerifyProblemKind;
  /** The file or folder. */
  readonly path: string;
  /** Whether it is right now. */
  readonly mended: boolean;
  /** The key of the entry, where one can be read. */
  readonly cacheKey?: string;
  /** What the file system answered to reading or mending it, where that failed. */
  readonly code?: string;
}

/** How far a verification has come. */
export interface VerifyProgress {
  /** Groups of entries that are done. */
  readonly group: number;
  /** All groups. */
  readonly groups: number;
  /** Entries that were found whole and right. */
  readonly entries: number;
  /** Bytes of bodies and entry files that were read. */
  readonly bytes: number;
  /** Problems that were found. */
  readonly problems: number;
}

/** What a verification found. */
export interface VerifyReport {
  /** Entries that are whole and right. */
  readonly entries: number;
  /** Those of them that end in a record that was not written to its end. The next update clears it away. */
  readonly tornEntries: number;
  /** Bytes of bodies and entry files that were read. */
  readonly bytes: number;
  /** Problems that were found. */
  readonly problems: number;
  /** Those of them that were mended. */
  readonly mended: number;
  /** Problems of each kind. */
  readonly kinds: Readonly<Record<VerifyProblemKind, number>>;
  /** Files and folders with names that are none of ours. They are left alone. */
  readonly foreign: number;
  /** Names of folders beside ours that hold stores of other formats. They are left alone. */
  readonly otherFormats: readonly string[];
}

/** No problem of any kind. */
export function noProblems(): Record<VerifyProblemKind, number> {
  return {
    'damaged-entry': 0,
    'missing-body': 0,
    'damaged-body': 0,
    'unnamed-body': 0,
    'lone-anchor': 0,
    'damaged-anchor': 0,
    'abandoned-file': 0,
    'abandoned-trash': 0,
    'damaged-secret': 0,
    'wrong-mode': 0,
    'wrong-type': 0,
    unreadable: 0,
  };
}
