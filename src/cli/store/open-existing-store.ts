import { lstat, readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandError, exitCodes } from '../command-errors.ts';
import { errorText } from '../error-text.ts';
import { errorCode } from '../../managers/disk/files/file-access.ts';
import { FORMAT_NAME, Layout } from '../../managers/disk/format/layout.ts';
import { StoreReader } from '../../managers/disk/store-reader.ts';
import { StreamingManager } from '../../managers/disk/streaming-manager.ts';
import { mustBeOwn } from './must-be-own.ts';

const formatName = /^cache-v\d+$/;

/**
 * Opens the store in a folder, to look into it. It is never made: what is not there is an error.
 *
 * @throws CommandError saying what was looked for, or why it cannot be used.
 */
export async function openToRead(folder: string, trustDirectory: boolean): Promise<StoreReader> {
  await mustHoldStore(folder);
  return opened(() => new StoreReader({ path: folder, trustDirectory }));
}

/**
 * Opens the store in a folder, to change it. It is never made, and must be this user's, trusted or not. Its limits are not
 * known here, so this manager has none, and evicts nothing.
 *
 * @throws CommandError saying what was looked for, or why it cannot be used.
 */
export async function openToChange(folder: string, trustDirectory: boolean): Promise<StreamingManager> {
  await mustHoldStore(folder);
  await mustBeOwn(folder);
  const limits = { maxSize: Number.MAX_SAFE_INTEGER, maxEntries: Number.MAX_SAFE_INTEGER, minFree: 0 };
  return opened(() => new StreamingManager({ path: folder, trustDirectory, ...limits }));
}

function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    const text = errorText(error).replace('trustDirectory: true', '--trust-directory');
    throw new CommandError(exitCodes.failure, text, { cause: error });
  }
}

async function mustHoldStore(folder: string): Promise<void> {
  const shown = JSON.stringify(folder);
  const stats = await stat(folder).catch((error: unknown) => {
    const why = errorCode(error) === 'ENOENT' ? 'there is no such folder' : errorText(error);
    throw unusable(`There is no store in ${shown}: ${why}`);
  });
  if (!stats.isDirectory()) throw unusable(`There is no store in ${shown}: it is not a folder`);
  const { root, metadata } = new Layout(folder);
  if ((await isFolder(root)) && (await isFolder(metadata))) return;
  const others = (await readdir(folder).catch(() => [])).filter((name) => formatName.test(name));
  throw unusable(`There is no store in ${shown}: looked for ${JSON.stringify(root)}${hint(folder, others)}`);
}

function hint(folder: string, others: readonly string[]): string {
  if (formatName.test(basename(folder))) return '; give the folder above the one that you gave';
  const foreign = others.filter((name) => name !== FORMAT_NAME);
  if (foreign.length === 0) return '';
  return `, and found ${foreign.join(', ')}, which another version of http-larder reads`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw unusable(`Cannot look whether there is a store: ${errorText(error)}`);
  }
}

function unusable(message: string): CommandError {
  return new CommandError(exitCodes.failure, message);
}
