import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import { namesIn } from '../files/names-in.ts';
import { isGeneration, newGeneration, type Layout } from '../format/layout.ts';
import { notAFolder } from '../folder/folder-error.ts';
import { sweep } from './group-scan.ts';
import { GRACE } from './is-long-ago.ts';
import { blockBytes } from './usage.ts';

/**
 * The files of bodies that are not published yet. They have a folder of their own, which stays small, so that what killed
 * processes left there is found however many entries there are. Each is as long as the room that is held for it, so that
 * its status tells that to the other processes.
 */
export class IncomingFiles {
  readonly #layout: Layout;
  readonly #mine = new Set<string>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * A path for a new one.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when something else lies in the place of their folder.
   */
  async add(now: number): Promise<string> {
    await mustBeIncoming(this.#layout);
    const generation = newGeneration(now);
    this.#mine.add(generation);
    return this.#layout.incoming(generation);
  }

  /** This one has another name by now, or is gone. */
  remove(path: string): void {
    this.#mine.delete(path.slice(path.lastIndexOf('/') + 1));
  }

  /** Whether a generation is that of one that this process has under way. */
  isMine(generation: string): boolean {
    return this.#mine.has(generation);
  }

  /** Removes those whose writers are dead, and gives the bytes that the other processes' take. */
  async scan(now: number): Promise<number> {
    let bytes = 0;
    for await (const { path, name, stats } of incomingFiles(this.#layout)) {
      if (this.isMine(name)) continue;
      // A writer that is alive touches its file each minute.
      if (now - stats.mtimeMs >= GRACE) await sweep(path);
      else bytes += blockBytes(stats.size);
    }
    return bytes;
  }
}

/**
 * Looks whether nothing else lies in the place of the folder of unpublished files: a link would lead them elsewhere.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when something does.
 */
export async function mustBeIncoming({ unpublished }: Layout): Promise<void> {
  if ((await asyncAccess.stat(unpublished))?.isDirectory() === false) throw notAFolder(unpublished);
}

/** Removes all of them, whoever writes them: none will be published. */
export async function removeIncoming(layout: Layout): Promise<void> {
  for await (const { path } of incomingFiles(layout)) await fs.unlink(path).catch(absentAsUndefined);
}

interface IncomingFile {
  readonly path: string;
  readonly name: string;
  readonly stats: Stats;
}

async function* incomingFiles(layout: Layout): AsyncGenerator<IncomingFile, void, undefined> {
  for (const name of await namesIn(layout.unpublished)) {
    const path = layout.incoming(name);
    const stats = isGeneration(name) ? await asyncAccess.stat(path) : undefined;
    if (stats?.isFile() === true) yield { path, name, stats };
  }
}
