import { resolve } from 'node:path';
import { quoted, refuseUnknownOptions, wholeNumber } from '../manager-options.ts';
import { LARGEST_BODY } from './format/block-table.ts';

/** What the time is taken from. */
export interface DiskClock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** Options of a {@link StreamingManager}. */
export interface StreamingManagerOptions {
  /** The folder to keep things in; made if it is not there. It may be shared by processes. */
  readonly path: string;
  /**
   * Bytes on disk, counted in whole blocks of 4 KiB, bodies on their way into the store included.
   * @defaultValue 4 GiB
   */
  readonly maxSize?: number;
  /**
   * The most entries.
   * @defaultValue 1 000 000
   */
  readonly maxEntries?: number;
  /**
   * The largest body, in bytes; at most `maxSize`, and at most 16 GiB.
   * @defaultValue 512 MiB, or `maxSize` when that is less
   */
  readonly maxEntrySize?: number;
  /**
   * Part of the disk that is left free, of its bytes and of the files that it can hold, from 0 to below 1. What would take of
   * it is not stored when evicting cannot help.
   * @defaultValue 0.05
   */
  readonly minFree?: number;
  /**
   * How entries are read: `auto` reads small files synchronously where the folder is on a local file system and that is
   * fast, which takes a fifteenth of the time; `async` never does.
   * @defaultValue 'auto'
   */
  readonly io?: 'auto' | 'async';
  /**
   * Bodies up to this many bytes are kept inside their entry file, at most 1 MiB; 0 gives each body its own file.
   * @defaultValue 32 KiB
   */
  readonly inlineMax?: number;
  /**
   * Whether to use a folder that belongs to another user, or that others may write to. They can then read and forge
   * every response.
   * @defaultValue false
   */
  readonly trustDirectory?: boolean;
  /**
   * What the times of use are taken from, and what the age of unfinished files is reckoned by. Set one only in tests: on a
   * folder that other processes use, a clock ten minutes ahead has the bodies removed that they are storing.
   * @defaultValue the system's clock
   */
  readonly clock?: DiskClock;
}

/** Options with their defaults, all of them checked. */
export interface ResolvedDiskOptions extends Required<StreamingManagerOptions> {}

const OWNER = 'StreamingManager';
const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const KNOWN = [
  'path',
  'maxSize',
  'maxEntries',
  'maxEntrySize',
  'minFree',
  'io',
  'inlineMax',
  'trustDirectory',
  'clock',
];

/** Checks options and fills in defaults. */
export function resolveDiskOptions(options: StreamingManagerOptions): ResolvedDiskOptions {
  refuseUnknownOptions(OWNER, options, KNOWN);
  const { path, minFree = 0.05, io = 'auto', trustDirectory = false, clock = Date } = options;
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`${OWNER}: path is ${quoted(path)}: give the folder to keep responses in, as a text`);
  }
  if (typeof minFree !== 'number') {
    throw new TypeError(`${OWNER}: minFree is ${quoted(minFree)}: give a part of the disk such as 0.05`);
  }
  if (!(minFree >= 0 && minFree < 1)) {
    throw new RangeError(`${OWNER}: minFree is ${minFree}: give a part of the disk from 0 to below 1`);
  }
  if (io !== 'auto' && io !== 'async') {
    throw new TypeError(`${OWNER}: io is ${quoted(io)}: give 'auto' or 'async'`);
  }
  if (typeof trustDirectory !== 'boolean') {
    throw new TypeError(`${OWNER}: trustDirectory is ${quoted(trustDirectory)}: give true or false`);
  }
  if (typeof clock?.now !== 'function') {
    throw new TypeError(`${OWNER}: clock is ${quoted(clock)}: give an object with a method now()`);
  }
  const bytes = { owner: OWNER, unit: 'bytes', least: 1 };
  const maxSize = wholeNumber(options.maxSize, { ...bytes, name: 'maxSize', fallback: 4 * GIB });
  const largest = Math.min(512 * MIB, maxSize);
  const maxEntrySize = wholeNumber(options.maxEntrySize, {
    ...bytes,
    name: 'maxEntrySize',
    fallback: largest,
  });
  const inline = { ...bytes, name: 'inlineMax', least: 0, fallback: 32 * KIB };
  const inlineMax = wholeNumber(options.inlineMax, inline);
  if (maxEntrySize > maxSize) {
    throw new RangeError(
      `${OWNER}: maxEntrySize is ${maxEntrySize}, more than maxSize, which is ${maxSize}: raise maxSize or lower maxEntrySize`,
    );
  }
  if (maxEntrySize > LARGEST_BODY) {
    throw new RangeError(
      `${OWNER}: maxEntrySize is ${maxEntrySize}: give at most ${LARGEST_BODY}, for an entry file has no room for the digests of more`,
    );
  }
  if (inlineMax > MIB) {
    throw new RangeError(
      `${OWNER}: inlineMax is ${inlineMax}: give at most ${MIB}, larger bodies need a file of their own`,
    );
  }
  const entries = { owner: OWNER, unit: 'entries', least: 1, name: 'maxEntries', fallback: 1_000_000 };
  return {
    path: resolve(path),
    maxSize,
    maxEntries: wholeNumber(options.maxEntries, entries),
    maxEntrySize,
    minFree,
    io,
    inlineMax,
    trustDirectory,
    clock,
  };
}
