import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess, errorCode } from '../files/file-access.ts';
import type { SeparateBody } from '../format/entry-record.ts';
import type { Layout } from '../format/layout.ts';
import { inFolder } from '../files/new-file.ts';
import { blockBytes } from '../limits/totals.ts';

/** What linking answers on a file system that has no hard links, or no more of them for us. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EXDEV',
]);

/** A body of its own, and whose it is. */
export interface OwnedBody extends SeparateBody {
  /** The key hash of the entry it belongs to. */
  readonly keyHash: string;
  /** Its length in bytes. */
  readonly size: number;
}

/**
 * The bodies that have files of their own. Each entry owns a link, so what others do never takes its body away; one more
 * link in `content`, the anchor, lets equal bodies share one file. Where there are no links each entry has its own file.
 */
export class BodyFiles {
  readonly #layout: Layout;
  #links = true;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Moves a finished file to where the entry will look for its body. Gives the bytes that this takes on disk. */
  async place(file: string, body: OwnedBody): Promise<number> {
    const own = this.#layout.body(body.keyHash, body.generation);
    if (await this.#shareAnchor(own, body)) {
      await fs.unlink(file).catch(absentAsUndefined);
      return 0;
    }
    await fs.rename(file, own);
    const anchor = this.#layout.anchor(body.digest);
    await this.#link(own, anchor);
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
    const anchor = this.#layout.anchor(body.digest);
    const anchored = await asyncAccess.stat(anchor);
    // Were it linked to just now, the new entry's own link keeps the body: only later sharing is lost.
    if (anchored?.isFile() === true && anchored.nlink === 1) await fs.unlink(anchor).catch(absentAsUndefined);
    return bytesOf(stats);
  }

  /** Makes sure that nothing that comes shares a body that is damaged. */
  async disown(digest: string): Promise<void> {
    const anchor = this.#layout.anchor(digest);
    const stats = await asyncAccess.stat(anchor);
    if (stats?.isFile() === true) await fs.unlink(anchor).catch(absentAsUndefined);
  }

  async #shareAnchor(own: string, { digest, size }: OwnedBody): Promise<boolean> {
    const anchor = this.#layout.anchor(digest);
    if (!(await this.#link(anchor, own))) return false;
    const stats = await asyncAccess.stat(own);
    if (stats?.isFile() === true && stats.size === size) return true;
    await fs.unlink(own).catch(absentAsUndefined);
    await this.disown(digest);
    return false;
  }

  async #link(existing: string, path: string): Promise<boolean> {
    if (!this.#links) return false;
    try {
      await inFolder(path, async () => await fs.link(existing, path));
      return true;
    } catch (error) {
      if (NO_LINKS.has(errorCode(error))) this.#links = false;
      // Without the link the body is private to its entry, which is only a matter of space.
      return false;
    }
  }
}

/** What one link stands for: all of the file, unless others than the anchor have links to it too. */
function bytesOf(stats: Stats | undefined): number {
  return stats === undefined || stats.nlink > 2 ? 0 : blockBytes(stats.size);
}
