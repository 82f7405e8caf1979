import { hash, randomBytes } from 'node:crypto';

/** Name of the folder of this format inside the one that the user gave. Another format has another name. */
export const FORMAT_NAME = 'cache-v2';

/** Folders into which entries are spread, by the first byte of their hash. */
export const GROUPS = 256;

const HASH = /^[0-9a-f]{64}$/;
const GENERATION = /^[0-9a-z]{1,11}-[0-9a-f]{16}$/;
const GROUP = /^[0-9a-f]{2}$/;
const TRASH = /^trash-([0-9a-z]{1,11}-[0-9a-f]{16})\.(metadata|content)$/;
const LEASE = /^[0-9a-f]{64}(?:\.[0-9a-z]{1,11}-[0-9a-f]{16})?$/;
const FILE_NAME = /^([0-9a-f]{62})(?:\.(tmp-)?([0-9a-z]{1,11}-[0-9a-f]{16}))?$/;

/** What a file in a metadata folder is, by its name. */
export interface FileName {
  /** An entry, the body of one, or a file that is not published yet. */
  readonly kind: 'entry' | 'body' | 'temporary';
  /** The key hash that it belongs to, without the part that names the folder. */
  readonly rest: string;
  /** Its generation; empty for an entry. */
  readonly generation: string;
}

/** The name that a cache key has on disk: its SHA-256, so that no key can name a path. */
export function keyHash(cacheKey: string): string {
  return hash('sha256', cacheKey, 'hex');
}

/** The group of a key hash, from 0. */
export function groupOf(keyHash: string): number {
  return Number.parseInt(keyHash.slice(0, 2), 16);
}

/** The folder name of a group. */
export function groupName(group: number): string {
  return group.toString(16).padStart(2, '0');
}

/** Whether a name is that of a group's folder. */
export function isGroupName(name: string): boolean {
  return GROUP.test(name);
}

/** A folder of groups: what is cleared at once. */
export type GroupsName = 'metadata' | 'content';

/** Trash: a folder of groups that was cleared. */
export interface TrashName {
  /** What it was. */
  readonly part: GroupsName;
  /** Its generation. */
  readonly generation: string;
}

/** Tells what is trash in the folder of the format; `undefined` for what is not. */
export function parseTrashName(name: string): TrashName | undefined {
  const match = TRASH.exec(name);
  if (match === null) return undefined;
  const [, generation = '', part] = match;
  return { part: part === 'metadata' ? part : 'content', generation };
}

/** A name that nobody had before, and that tells when it was made. */
export function newGeneration(now: number): string {
  return `${Math.max(0, Math.floor(now)).toString(36)}-${randomBytes(8).toString('hex')}`;
}

/** When a generation was made, in milliseconds since 1970. */
export function generationTime(generation: string): number {
  return Number.parseInt(generation.slice(0, generation.indexOf('-')), 36);
}

/** Whether text is a generation: asked of all that was read from disk before a path is made of it. */
export function isGeneration(text: unknown): text is string {
  return typeof text === 'string' && GENERATION.test(text);
}

/** Whether text is a SHA-256 in hexadecimal digits. */
export function isDigest(text: unknown): text is string {
  return typeof text === 'string' && HASH.test(text);
}

/** Whether a name is that of a lease, or of one that is being taken away. */
export function isLeaseName(name: string): boolean {
  return LEASE.test(name);
}

/** Tells what a file in a metadata folder is; `undefined` for a foreign one, which is never touched. */
export function parseFileName(name: string): FileName | undefined {
  const match = FILE_NAME.exec(name);
  if (match === null) return undefined;
  const [, rest = '', temporary, generation = ''] = match;
  if (generation === '') return { kind: 'entry', rest, generation };
  return { kind: temporary === undefined ? 'body' : 'temporary', rest, generation };
}

/** Where things are in one cache folder. Paths are made of validated hexadecimal names only. */
export class Layout {
  /** The folder of this format. */
  readonly root: string;
  /** Entries, and the bodies that are too large for them. */
  readonly metadata: string;
  /** One hard link to each body, by its digest, so that equal bodies can share one file. */
  readonly content: string;

  constructor(path: string) {
    this.root = `${path}/${FORMAT_NAME}`;
    this.metadata = `${this.root}/metadata`;
    this.content = `${this.root}/content`;
  }

  entry(keyHash: string): string {
    return `${this.metadata}/${keyHash.slice(0, 2)}/${keyHash.slice(2)}`;
  }

  body(keyHash: string, generation: string): string {
    return `${this.entry(keyHash)}.${generation}`;
  }

  temporary(keyHash: string, generation: string): string {
    return `${this.entry(keyHash)}.tmp-${generation}`;
  }

  anchor(digest: string): string {
    return `${this.content}/${digest.slice(0, 2)}/${digest.slice(2)}`;
  }

  /** Where `clear` moves all of `metadata` or `content` before its files are removed. */
  trash(part: GroupsName, generation: string): string {
    return `${this.root}/trash-${generation}.${part}`;
  }

  /** The folder of files that are not published yet. */
  get unpublished(): string {
    return `${this.root}/incoming`;
  }

  /** Where a file is written that is not published yet, but for the small ones that become entry files. */
  incoming(generation: string): string {
    return `${this.unpublished}/${generation}`;
  }

  /** The folder of leases. */
  get leases(): string {
    return `${this.root}/leases`;
  }

  /** Who asks the origin on behalf of all. */
  lease(keyHash: string): string {
    return `${this.leases}/${keyHash}`;
  }

  /** What becomes a lease by one more name. */
  spareLease(generation: string): string {
    return `${this.leases}/${generation}`;
  }

  /** What processes tell each other about sizes. */
  get ledger(): string {
    return `${this.root}/ledger`;
  }
}
