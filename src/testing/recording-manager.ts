import { createHash } from 'node:crypto';
import { indexKeyOf, primaryOf } from '../core/cache-key.ts';
import type { HttpResponse } from '../core/message.ts';
import type { CachePolicy } from '../core/policy-types.ts';
import type { CacheEntry, CacheEntrySummary, CacheManager } from '../managers/manager.ts';
import type { FixtureFolder } from './fixture-folder.ts';
import { FixtureGroup } from './fixture-group.ts';
import { slotOf, tellingFields, type Fixture } from './fixture.ts';

const MIB = 1024 * 1024;

/**
 * Keeps recorded answers, which stand in for the origins: they are for anybody, of no age, and nothing invalidates them. Of
 * what the engine makes of a response only what a person would tell of it is kept.
 */
export class RecordingManager implements CacheManager {
  readonly scope = 'process';
  readonly isRecord = true;
  readonly maxEntrySize: number = 64 * MIB;
  readonly #folder: FixtureFolder;
  readonly #groups = new Map<string, FixtureGroup>();

  constructor(folder: FixtureFolder, fixtures: readonly Fixture[]) {
    this.#folder = folder;
    for (const fixture of fixtures) this.#groupAt(slotOf(fixture)).add(fixture);
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    return this.#groups.get(indexKeyOf(cacheKey))?.find(cacheKey);
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    // Which answers lead where is worked out from the answers themselves.
    if (policy.kind === 'index') return response;
    const { body, ...head } = response;
    const url = primaryOf(cacheKey);
    const selecting = tellingFields(policy.selecting);
    const fixture = {
      method: policy.method,
      url,
      selecting,
      head: { ...head, url },
      body: Buffer.from(body),
    };
    this.#folder.write(fixture);
    this.#groupAt(slotOf(fixture)).add(fixture, policy.epoch);
    return response;
  }

  /** Does nothing: an origin that is asked again answers as before. */
  async delete(): Promise<void> {}

  /** Does nothing, as {@link RecordingManager.delete}. */
  async clear(): Promise<void> {}

  async *entries(): AsyncGenerator<CacheEntrySummary, void, undefined> {
    for (const group of this.#groups.values()) {
      for (const [cacheKey, { response, policy }] of group.list()) {
        const { body, ...head } = response;
        yield { cacheKey, head, policy, size: body.byteLength };
      }
    }
  }

  /** The same in each run, as keys have digests of request bodies under it. Credentials are not kept. */
  secret(): Uint8Array {
    return createHash('sha256').update('recorded answers').digest();
  }

  /** What is recorded for a URI and a method: answers that are told apart by the request, one for all, or nothing. */
  recorded(method: string, url: string): 'varying' | 'one' | undefined {
    const group = this.#groups.get(slotOf({ method, url }));
    if (group === undefined) return undefined;
    return group.isVarying ? 'varying' : 'one';
  }

  #groupAt(slot: string): FixtureGroup {
    let group = this.#groups.get(slot);
    if (group === undefined) {
      group = new FixtureGroup();
      this.#groups.set(slot, group);
    }
    return group;
  }
}
