import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  linkSync,
  lstatSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import process from 'node:process';
import { HttpCacheError } from '../../../errors.ts';
import { errorCode } from '../files/file-access.ts';
import { FORMAT_NAME, newGeneration, type Layout } from '../format/layout.ts';
import { makeFolder } from '../files/make-folder.ts';

/** Length of the secret of a store in bytes. */
export const SECRET_LENGTH = 32;

const CACHEDIR_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by http-larder.
# For information about cache directory tags see https://bford.info/cachedir/
`;

const FORMAT = `${JSON.stringify({ format: FORMAT_NAME, madeBy: 'http-larder' })}\n`;

/**
 * Makes the folder of a store, or looks whether the one that is there can be used.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it cannot.
 */
export function openStoreFolder(path: string, layout: Layout, trustDirectory: boolean): void {
  try {
    makeFolder(layout.root);
  } catch (error) {
    throw unusable(path, 'it is not a folder that can be made or written to', error);
  }
  checkFolder(path, statSync(path), trustDirectory);
  // Not followed: a link in a folder of ours is none of ours.
  checkFolder(layout.root, lstatSync(layout.root), trustDirectory);
  try {
    accessSync(layout.root, constants.R_OK | constants.W_OK | constants.X_OK);
    writeOnce(`${layout.root}/CACHEDIR.TAG`, CACHEDIR_TAG);
    writeOnce(`${layout.root}/format.json`, FORMAT);
    makeFolder(layout.metadata);
    makeFolder(layout.content);
  } catch (error) {
    throw unusable(layout.root, 'it cannot be written to', error);
  }
}

/** Reads the secret of a store, which the first to ask for it makes. */
export function readSecret(layout: Layout): Uint8Array {
  const path = `${layout.root}/secret`;
  const known = readIfWhole(path);
  if (known !== undefined) return known;
  // Written aside, so that nobody ever reads half of one; of several that are made at once, the first is linked.
  const temporary = `${path}.${newGeneration(0)}`;
  writeFileSync(temporary, randomBytes(SECRET_LENGTH), { flag: 'wx', mode: 0o600 });
  try {
    linkSync(temporary, path);
    unlinkSync(temporary);
  } catch {
    if (readIfWhole(path) === undefined) renameSync(temporary, path);
    else unlinkSync(temporary);
  }
  const made = readIfWhole(path);
  if (made !== undefined) return made;
  throw new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `The secret ${JSON.stringify(path)} is damaged: remove the file`,
  );
}

function readIfWhole(path: string): Uint8Array | undefined {
  try {
    const secret = readFileSync(path);
    return secret.length === SECRET_LENGTH ? secret : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function writeOnce(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function checkFolder(path: string, stats: Stats, trustDirectory: boolean): void {
  if (!stats.isDirectory()) throw unusable(path, 'it is not a folder');
  // Windows has neither numbers of users nor these permissions.
  if (trustDirectory || process.getuid === undefined) return;
  const uid = process.getuid();
  const mode = (stats.mode & 0o777).toString(8);
  if (stats.uid !== uid) throw untrusted(path, `it belongs to user ${stats.uid}, not to ${uid}`);
  if ((stats.mode & 0o022) !== 0) throw untrusted(path, `others may write to it (its mode is ${mode})`);
}

function unusable(path: string, why: string, cause?: unknown): HttpCacheError {
  return folderError(path, `${why}: give another path`, cause);
}

function untrusted(path: string, why: string): HttpCacheError {
  return folderError(path, `${why}: give a folder of your own, or trustDirectory: true if you trust them`);
}

function folderError(path: string, why: string, cause?: unknown): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `StreamingManager cannot keep responses in ${JSON.stringify(path)} because ${why}`,
    { cause },
  );
}
