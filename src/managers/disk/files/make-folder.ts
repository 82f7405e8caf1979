import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './file-access.ts';

/**
 * Makes a folder for its owner alone, and those above it where they are missing. Node's own way of doing that never
 * returns where a folder that is there says that what is made in it is not, as `/proc` does.
 *
 * @throws what the system says of the folder that cannot be made.
 */
export function makeFolder(path: string): void {
  if (tryToMake(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  if (!tryToMake(path)) mkdirSync(path, { mode: 0o700 });
}

/** Whether the folder is there now; `false` when what is above it is missing. */
function tryToMake(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return true;
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
