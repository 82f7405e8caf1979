import { getuid } from 'node:process';
import { asyncAccess } from '../files/file-access.ts';
import { namesIn } from '../files/names-in.ts';
import { FORMAT_NAME, isGroupName, parseFileName } from '../format/layout.ts';
import { blockBytes } from '../limits/usage.ts';
import { isStoreFile, sweepStore } from './sweep-store.ts';

/** An older format that nobody touched for so long, in milliseconds, is of no use to anybody. */
const UNTOUCHED = 7 * 24 * 60 * 60_000;

/** Of a store that is in use, so many files tell about the rest. */
const SAMPLE = 4_096;

/** Files that are looked at at once. */
const PARALLEL = 16;

const STORE_NAME = /^cache-v(0|[1-9][0-9]{0,5})$/;

/** The stores that may lie beside that of the present format. */
export interface Beside {
  /** The folder that the user gave. */
  readonly path: string;
  /** The time, in milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * Counts what stores of older formats take, in bytes, and removes those in which no file was touched for a week: only what
 * is ours by name and kind. Newer formats, links, folders of other users and those without our `format.json` are left
 * alone, and not counted.
 */
export async function tendOlderFormats({ path, now, signal }: Beside): Promise<number> {
  let bytes = 0;
  for (const name of await namesIn(path)) {
    if (!isOlder(name) || !(await isOurs(`${path}/${name}`, name))) continue;
    const survey = await surveyStore(`${path}/${name}`, now, signal);
    if (!survey.isTouched && !signal.aborted) await sweepStore(`${path}/${name}`, signal);
    else bytes += survey.bytes;
  }
  return Math.round(bytes);
}

function isOlder(name: string): boolean {
  const version = STORE_NAME.exec(name)?.[1];
  return version !== undefined && Number(version) < Number(STORE_NAME.exec(FORMAT_NAME)?.[1]);
}

async function isOurs(root: string, name: string): Promise<boolean> {
  const stats = await asyncAccess.stat(root);
  if (stats?.isDirectory() !== true || (getuid !== undefined && stats.uid !== getuid())) return false;
  const file = await asyncAccess.read(`${root}/format.json`);
  const format = file && parseJson(file.bytes.toString('utf8'));
  return format?.['format'] === name && format['madeBy'] === 'http-larder';
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

/** What is known of an older store. */
interface Survey {
  readonly bytes: number;
  /** Whether a file of it was touched within a week. */
  readonly isTouched: boolean;
}

/** Looks at all files of a store; at part of them once it is known to be in use, as hashes spread evenly. */
async function surveyStore(root: string, now: number, signal: AbortSignal): Promise<Survey> {
  const groups = (await namesIn(`${root}/metadata`)).filter(isGroupName);
  let { isTouched } = await lookAt(root, (await namesIn(root)).filter(isStoreFile), now);
  let [bytes, files, seen] = [0, 0, 0];
  for (const group of groups) {
    if (signal.aborted || (isTouched && files >= SAMPLE)) break;
    const folder = `${root}/metadata/${group}`;
    const names = (await namesIn(folder)).filter((name) => parseFileName(name) !== undefined);
    const found = await lookAt(folder, names, now);
    bytes += found.bytes;
    isTouched ||= found.isTouched;
    files += names.length;
    seen++;
  }
  return { bytes: seen === 0 ? 0 : (bytes / seen) * groups.length, isTouched };
}

async function lookAt(folder: string, names: readonly string[], now: number): Promise<Survey> {
  let bytes = 0;
  let isTouched = false;
  for (let start = 0; start < names.length; start += PARALLEL) {
    const batch = names.slice(start, start + PARALLEL);
    for (const stats of await Promise.all(
      batch.map(async (name) => await asyncAccess.stat(`${folder}/${name}`)),
    )) {
      if (stats?.isFile() !== true) continue;
      // Each entry has its own link to a shared body, besides the anchor.
      bytes += blockBytes(stats.size) / Math.max(1, stats.nlink - 1);
      isTouched ||= now - stats.mtimeMs < UNTOUCHED;
    }
  }
  return { bytes, isTouched };
}
