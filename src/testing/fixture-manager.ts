import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isError } from '../core/is-error.ts';
import type { HttpResponse } from '../core/message.ts';
import type { CacheEntry, CacheEntrySummary, CacheManager } from '../managers/manager.ts';
import { endOfFixture, endOfName, nameOf, readFixture, writeFixture } from './fixture-file.ts';

type Policy = Parameters<CacheManager['put']>[2];

/** Keeps stored responses as files that people can read, one for each: for tests, in which they are few. */
export class FixtureManager implements CacheManager {
  readonly scope = 'shared';
  readonly #folder: string;

  /** @param folder - Where the files are. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** How many there are. */
  get size(): number {
    return this.#names().length;
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const name = this.#find(cacheKey);
    if (name === undefined) return undefined;
    const { key, response, policy } = this.#read(name);
    return key === cacheKey ? { response, policy } : undefined;
  }

  async put(cacheKey: string, response: HttpResponse, policy: Policy): Promise<HttpResponse> {
    mkdirSync(this.#folder, { recursive: true });
    const name = this.#find(cacheKey) ?? nameOf(cacheKey, response.url);
    const unfinished = join(this.#folder, `${name}.part`);
    writeFileSync(unfinished, writeFixture(cacheKey, { response, policy }));
    renameSync(unfinished, join(this.#folder, name));
    return response;
  }

  async delete(cacheKey: string): Promise<void> {
    const name = this.#find(cacheKey);
    if (name !== undefined) rmSync(join(this.#folder, name), { force: true });
  }

  async clear(): Promise<void> {
    this.removeAll();
  }

  async *entries(): AsyncGenerator<CacheEntrySummary, void, undefined> {
    for (const name of this.#names()) {
      const { key: cacheKey, response, policy } = this.#read(name);
      const { body, ...head } = response;
      yield { cacheKey, head, policy, size: body.byteLength };
    }
  }

  /** Removes every fixture, and no other file. */
  removeAll(): void {
    for (const name of this.#names()) rmSync(join(this.#folder, name), { force: true });
  }

  #read(name: string): ReturnType<typeof readFixture> {
    const file = join(this.#folder, name);
    try {
      return readFixture(readFileSync(file, 'utf8'));
    } catch (error) {
      const text = isError(error) ? error.message : String(error);
      throw new TypeError(`The fixture ${file} cannot be read. ${text}`, { cause: error });
    }
  }

  #find(cacheKey: string): string | undefined {
    const end = endOfName(cacheKey);
    return this.#names().find((name) => name.endsWith(end));
  }

  #names(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder).filter((name) => endOfFixture(name) !== undefined);
  }
}
