import { asyncAccess, type FileAccess } from '../files/file-access.ts';
import { andThen } from '../../and-then.ts';
import type { MaybePromise } from '../../manager.ts';
import { notAFolder } from './folder-error.ts';

/**
 * The folders of groups. Each is looked at before it is first used, and again after something in it failed: a link in its
 * place would lead all that is read, written and removed in it elsewhere.
 */
export class GroupFolders {
  readonly #parent: string;
  readonly #seen = new Set<string>();

  constructor(parent: string) {
    this.#parent = parent;
  }

  /** Whether nothing but a folder lies in the place of the group of a hash; also when nothing does. */
  isSound(files: Pick<FileAccess, 'stat'>, hash: string): MaybePromise<boolean> {
    const group = hash.slice(0, 2);
    if (this.#seen.has(group)) return true;
    return andThen(files.stat(`${this.#parent}/${group}`), (stats) => {
      if (stats === undefined) return true;
      if (!stats.isDirectory()) return false;
      this.#seen.add(group);
      return true;
    });
  }

  /**
   * Changes something in the group of a hash.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when something else lies in the place of its folder.
   */
  async change<T>(hash: string, change: () => Promise<T>): Promise<T> {
    if (!(await this.isSound(asyncAccess, hash))) throw notAFolder(`${this.#parent}/${hash.slice(0, 2)}`);
    try {
      return await change();
    } catch (error) {
      this.forget(hash);
      throw error;
    }
  }

  /** Has the folder of the group of a hash looked at again; without one, all of them. */
  forget(hash?: string): void {
    if (hash === undefined) this.#seen.clear();
    else this.#seen.delete(hash.slice(0, 2));
  }
}
