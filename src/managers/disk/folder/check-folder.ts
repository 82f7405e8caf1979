import { lstatSync, type Stats } from 'node:fs';
import process from 'node:process';
import { folderError, notAFolder } from './folder-error.ts';

/**
 * Looks whether a folder may be used: a real one, that belongs to this user, and that no other may write to.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it may not.
 */
export function checkFolder(path: string, stats: Stats, trustDirectory: boolean): void {
  if (!stats.isDirectory()) throw folderError(path, 'it is not a folder: give another path');
  // Windows has neither numbers of users nor these permissions.
  if (trustDirectory || process.getuid === undefined) return;
  const uid = process.getuid();
  const mode = (stats.mode & 0o777).toString(8);
  if (stats.uid !== uid) throw untrusted(path, `it belongs to user ${stats.uid}, not to ${uid}`);
  if ((stats.mode & 0o022) !== 0) throw untrusted(path, `others may write to it (its mode is ${mode})`);
}

/**
 * Looks whether nothing else lies in the place of a folder of the store.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when something does.
 */
export function mustBeFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false) throw notAFolder(path);
}

function untrusted(path: string, why: string): Error {
  return folderError(path, `${why}: give a folder of your own, or trustDirectory: true if you trust them`);
}
