import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { HttpCacheError } from '../../../errors.ts';
import { errorCode } from '../files/file-access.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeNewSync } from '../files/write-new-sync.ts';
import { FORMAT_NAME, type Layout } from '../format/layout.ts';
import { checkFolder, mustBeFolder } from './check-folder.ts';
import { folderError } from './folder-error.ts';

const CACHEDIR_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by http-larder.
# For information about cache directory tags see https://bford.info/cachedir/
`;

const FORMAT = `${JSON.stringify({ format: FORMAT_NAME, madeBy: 'http-larder' })}\n`;

/** What the system answers when there is nothing for the user to mend: it may be otherwise a moment later. */
const PASSING: ReadonlySet<string | undefined> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EIO',
  'ESTALE',
  'EBUSY',
  'EAGAIN',
  'EINTR',
  'ETIMEDOUT',
]);

/** What it answers where there may be reading and no writing. */
const READ_ONLY: ReadonlySet<string | undefined> = new Set(['EROFS', 'EACCES', 'EPERM']);

/** A folder that is to be used. */
export interface StoreFolderOptions {
  /** What the user gave. */
  readonly path: string;
  readonly layout: Layout;
  readonly trustDirectory: boolean;
}

/**
 * The folder of a store. Nothing is read in it before it was checked, and nothing written before all that belongs there is
 * there. What fails for a reason that passes is tried again by the next look-up, or the next change.
 */
export class StoreFolder {
  readonly #options: StoreFolderOptions;
  #isChecked = false;
  #isComplete = false;

  constructor(options: StoreFolderOptions) {
    this.#options = options;
  }

  /**
   * Makes the folder, or looks whether the one that is there can be used, if only for reading.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it cannot, for a reason that the user must mend.
   */
  open(): void {
    try {
      this.prepareForChange();
    } catch (error) {
      const code = error instanceof HttpCacheError ? errorCode(error.cause) : undefined;
      if (PASSING.has(code) || (READ_ONLY.has(code) && this.#isReadable())) return;
      throw error;
    }
  }

  /**
   * Looks whether what is in the folder may be read. Where there is none yet, nothing can be found in it.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it may not, or that cannot be found out now.
   */
  prepareForReading(): void {
    if (this.#isChecked) return;
    try {
      this.#check();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw asFolderError(this.#options.path, error, 'it cannot be looked at: try again');
    }
  }

  /**
   * Makes what is missing of the folder.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it cannot be made or used.
   */
  prepareForChange(): void {
    if (this.#isComplete) return;
    const { path, layout } = this.#options;
    try {
      this.#makeRoot();
    } catch (error) {
      throw asFolderError(
        path,
        error,
        'it is not a folder that can be made or written to: give another path',
      );
    }
    try {
      accessSync(layout.root, constants.R_OK | constants.W_OK | constants.X_OK);
      writeOnce(`${layout.root}/CACHEDIR.TAG`, CACHEDIR_TAG);
      writeOnce(`${layout.root}/format.json`, FORMAT);
      makeFolder(layout.metadata);
      makeFolder(layout.content);
    } catch (error) {
      // It may be gone by now, and something else may come in its place.
      this.#isChecked &&= errorCode(error) !== 'ENOENT';
      throw asFolderError(layout.root, error, 'it cannot be written to: give another path');
    }
    this.#isComplete = true;
  }

  /**
   * Makes what is missing of a folder that was removed under our feet.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it cannot be made or used.
   */
  prepareAgain(): void {
    this.#isChecked = false;
    this.#isComplete = false;
    this.prepareForChange();
  }

  #makeRoot(): void {
    if (this.#isChecked) return;
    try {
      this.#check();
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      makeFolder(this.#options.layout.root);
      this.#check();
    }
  }

  #check(): void {
    const { path, layout, trustDirectory } = this.#options;
    checkFolder(path, statSync(path), trustDirectory);
    // Not followed: a link in a folder of ours is none of ours.
    checkFolder(layout.root, lstatSync(layout.root), trustDirectory);
    mustBeFolder(layout.metadata);
    mustBeFolder(layout.content);
    this.#isChecked = true;
  }

  /** Whether there is a store of ours, checked, that may be read. */
  #isReadable(): boolean {
    if (!this.#isChecked) return false;
    const { root, metadata } = this.#options.layout;
    try {
      accessSync(root, constants.R_OK | constants.X_OK);
      accessSync(metadata, constants.R_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
}

function asFolderError(path: string, error: unknown, why: string): HttpCacheError {
  return error instanceof HttpCacheError ? error : folderError(path, why, error);
}

function writeOnce(path: string, text: string): void {
  try {
    writeNewSync(path, Buffer.from(text), { flush: false });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
