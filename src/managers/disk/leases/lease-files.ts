import { closeSync, constants, linkSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { link, open, rename, unlink } from 'node:fs/promises';
import type { MaybePromise } from '../../manager.ts';

/** What is done to the files of leases: at once, or through promises. All throw as the file system does. */
export interface LeaseFiles {
  /** Makes a file that is not there yet. */
  create(path: string, text: string): MaybePromise<void>;
  /** Writes over a file that is there, in place. */
  overwrite(path: string, text: string): MaybePromise<void>;
  /** Gives a file one more name, which is not there yet. */
  link(from: string, to: string): MaybePromise<void>;
  /** Gives a file another name. */
  rename(from: string, to: string): MaybePromise<void>;
  /** Removes a file. */
  remove(path: string): MaybePromise<void>;
}

// A planted link must not lead elsewhere.
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | SAFELY;
const WRITE_FLAGS = constants.O_WRONLY | SAFELY;
const MODE = 0o600;

/** At once. */
export const syncLeaseFiles: LeaseFiles = {
  create(path, text) {
    const descriptor = openSync(path, CREATE_FLAGS, MODE);
    try {
      writeSync(descriptor, text, 0);
    } catch (error) {
      // On a full disk nobody is to wait for what says nothing.
      unlinkSync(path);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  },
  overwrite: (path, text) => writeNow(path, text),
  link: (from, to) => linkSync(from, to),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => unlinkSync(path),
};

/** Through promises. */
export const asyncLeaseFiles: LeaseFiles = {
  async create(path, text) {
    const file = await open(path, CREATE_FLAGS, MODE);
    try {
      await file.write(text, 0);
    } catch (error) {
      await unlink(path);
      throw error;
    } finally {
      await file.close();
    }
  },
  overwrite: async (path, text) => await write(path, text),
  link: async (from, to) => await link(from, to),
  rename: async (from, to) => await rename(from, to),
  remove: async (path) => await unlink(path),
};

function writeNow(path: string, text: string): void {
  const descriptor = openSync(path, WRITE_FLAGS);
  try {
    writeSync(descriptor, text, 0);
  } finally {
    closeSync(descriptor);
  }
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, WRITE_FLAGS);
  try {
    await file.write(text, 0);
  } finally {
    await file.close();
  }
}
