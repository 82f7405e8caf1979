import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess, errorCode, readWhole } from '../files/file-access.ts';
import { BLOCK_SIZE, isBlock } from '../format/block-table.ts';
import { GroupFolders } from '../folder/group-folders.ts';
import type { SeparateBody } from '../format/entry-record.ts';
import type { Layout } from '../format/layout.ts';
import { NO_LINKS } from '../files/link-new.ts';
import { inFolder } from '../files/new-file.ts';
import { blockBytes } from '../limits/usage.ts';

/*
 * A body is one file with several names: one for each entry that has it, and the anchor in `content`. Who stores an equal
 * body links the anchor to a name of his own. Whatever else happens to names, the file stays while one of them is left, so
 * an anchor can be wrong only in being missing, or in being left over. Either costs space, and no entry its body.
 *
 * Killed while ...                          leaves
 *   a body is linked to the anchor          a name that no entry knows, and the file that was to be the body: for scans
 *   a body was moved to its place           the same name, without an anchor: equal bodies are not shared with it
 *   an anchor is replaced                   no anchor: the next equal body becomes the file that is shared
 *   an entry's name is removed              a lone anchor: the next equal body shares it, or a scan removes it
 *
 * Two processes ...
 *   store equal bodies, with no anchor      one makes the anchor, the other keeps a file of its own
 *   share a body and remove its last name   linking fails, or the new name keeps the file; at worst it has no anchor
 *   share a body and remove a lone anchor   the same
 *   replace an anchor that is full          the last one stays; the other's body is shared no further
 *   find one body damaged                   the anchor goes first, then each drops its own entry as it reads it
 */

/** A body that was written to its end, in a file that nobody else knows of. */
export interface BodyFile {
  /** Where it is. */
  readonly path: string;
  /** The digests of its blocks. */
  readonly table: Buffer;
}

/** A body of its own, and whose it is. */
export interface OwnedBody extends SeparateBody {
  /** The key hash of the entry it belongs to. */
  readonly keyHash: string;
  /** Its length in bytes. */
  readonly size: number;
}

/** A body that may be there already. */
interface Shared {
  readonly anchor: string;
  readonly table: Buffer;
  readonly body: OwnedBody;
}

/**
 * The bodies that have files of their own. Each entry owns a link, so what others do never takes its body away; one more
 * link in `content`, the anchor, lets equal bodies share one file. Where there are no links each entry has its own file.
 */
export class BodyFiles {
  readonly #layout: Layout;
  readonly #anchors: GroupFolders;
  #links = true;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#anchors = new GroupFolders(layout.content);
  }

  /** Moves a finished file to where the entry will look for its body. Gives the bytes that this takes on disk. */
  async place({ path, table }: BodyFile, body: OwnedBody): Promise<number> {
    const own = this.#layout.body(body.keyHash, body.generation);
    // Sharing saves space, and whatever is in its way, the body has its own file.
    const anchor = await this.#anchor(body.digest).catch(() => undefined);
    if (anchor !== undefined && (await this.#share(own, { anchor, table, body }))) {
      await fs.unlink(path).catch(absentAsUndefined);
      return 0;
    }
    // Also over a link to what was found damaged.
    await fs.rename(path, own);
    if (anchor !== undefined) await this.#link(own, anchor);
    return blockBytes(body.size);
  }

  /** The bytes that removing an entry's link to its body would free. */
  async usage(body: OwnedBody): Promise<number> {
    return bytesOf(await asyncAccess.stat(this.#layout.body(body.keyHash, body.generation)));
  }

  /** Removes an entry's link to its body, and the anchor when it is the last. Gives the bytes that this frees. */
  async remove(body: OwnedBody): Promise<number> {
    const own = this.#layout.body(body.keyHash, body.generation);
    const stats = await asyncAccess.stat(own);
    // What was planted there is none of ours.
    if (stats?.isFile() !== true) return 0;
    await fs.unlink(own).catch(absentAsUndefined);
    // Were it linked to just now, the new entry's own link keeps the body: only later sharing is lost.
    await this.#dropAnchor(body.digest, ({ nlink }) => nlink === 1);
    return bytesOf(stats);
  }

  /** Sees to it that nothing that comes shares a body that is damaged. */
  async disown(digest: string): Promise<void> {
    await this.#dropAnchor(digest, () => true);
  }

  /** Where the anchor of a body is, unless something else lies in place of the folder that it is in. */
  async #anchor(digest: string): Promise<string | undefined> {
    const isSound = await this.#anchors.isSound(asyncAccess, digest);
    return isSound ? this.#layout.anchor(digest) : undefined;
  }

  /** Never rejects: an anchor that stays costs space, or is found damaged again. */
  async #dropAnchor(digest: string, condition: (stats: Stats) => boolean): Promise<void> {
    try {
      const anchor = await this.#anchor(digest);
      const stats = anchor === undefined ? undefined : await asyncAccess.stat(anchor);
      // What was planted there is none of ours.
      if (anchor !== undefined && stats?.isFile() === true && condition(stats)) await fs.unlink(anchor);
    } catch {
      return;
    }
  }

  async #share(own: string, { anchor, table, body }: Shared): Promise<boolean> {
    const linked = await this.#link(anchor, own);
    if (linked === 'linked') {
      // What cannot be read is as good as damaged.
      if (await endsRight(own, table, body.size).catch(() => false)) return true;
    }
    // Those that share a damaged file, or one that can be shared no further, keep it. The next ones share another.
    if (linked !== 'failed') await this.disown(body.digest);
    return false;
  }

  async #link(existing: string, path: string): Promise<'linked' | 'full' | 'failed'> {
    if (!this.#links) return 'failed';
    try {
      await inFolder(path, async () => await fs.link(existing, path));
      return 'linked';
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EMLINK') return 'full';
      // A folder in the place of the anchor is answered alike.
      if (NO_LINKS.has(code) && (await isFile(existing).catch(() => false))) this.#links = false;
      // Without the link the body is private to its entry, which is only a matter of space.
      return 'failed';
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await asyncAccess.stat(path))?.isFile() === true;
}

/**
 * Whether a file is a body as far as its length and its last block tell. That is all of most bodies, and where a loss of
 * power shows; to read all of a large one would cost as much as to write it.
 */
async function endsRight(path: string, table: Buffer, size: number): Promise<boolean> {
  const descriptor = await asyncAccess.open(path, size);
  if (descriptor === undefined) return false;
  try {
    const index = Math.ceil(size / BLOCK_SIZE) - 1;
    const start = index * BLOCK_SIZE;
    const block = await readWhole(descriptor, size - start, start);
    return isBlock(table, index, block);
  } finally {
    await fs.close(descriptor);
  }
}

/** What one link stands for: all of the file, unless others than the anchor have links to it too. */
function bytesOf(stats: Stats | undefined): number {
  return stats === undefined || stats.nlink > 2 ? 0 : blockBytes(stats.size);
}
