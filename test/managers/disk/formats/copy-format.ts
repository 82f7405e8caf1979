import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** When the entries of the fixtures were stored, and last used, in milliseconds since 1970. */
export const STORED_AT: number = Date.UTC(2026, 0, 1);

/**
 * Copies the store of one released format, such as `cache-v1`, into `path`, as it was made: with its modes and times of
 * modification, and with its links, none of which a repository keeps. Gives the folder.
 */
export function copyFormat(name: string, path: string): string {
  const source = fileURLToPath(new URL(name, import.meta.url));
  const target = join(path, name);
  makeFolder(target);
  for (const folder of ['metadata', 'content']) makeFolder(join(target, folder));
  const anchors = new Map<string, string>();
  for (const file of filesOf(source)) {
    makeFolder(dirname(join(target, file)));
    copyFileSync(join(source, file), join(target, file));
    chmodSync(join(target, file), 0o600);
    utimesSync(join(target, file), STORED_AT / 1_000, STORED_AT / 1_000);
    if (file.startsWith('content')) anchors.set(contentOf(join(source, file)), join(target, file));
  }
  for (const file of filesOf(source)) {
    const anchor = anchors.get(contentOf(join(source, file)));
    if (anchor === undefined || file.startsWith('content')) continue;
    rmSync(join(target, file));
    linkSync(anchor, join(target, file));
  }
  return target;
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function contentOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
