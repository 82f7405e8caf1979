import { randomUUID } from 'node:crypto';
import type { VariantSet } from '../core/policy-types.ts';
import type { CacheEntry } from '../managers/manager.ts';
import { keyInEpoch, policyOf, slotOf, type Fixture } from './fixture.ts';

interface Kept {
  readonly fixture: Fixture;
  readonly entry: CacheEntry;
}

/** The fixtures for one slot, as the engine expects to find responses: one at the slot itself, or several behind an index. */
export class FixtureGroup {
  readonly #kept = new Map<string, Kept>();
  #epoch = 'recorded';
  #index: CacheEntry | undefined;

  /** Whether what lies here is told apart by fields of the request. */
  get isVarying(): boolean {
    const [first] = this.#kept.values();
    return this.#kept.size > 1 || (first?.fixture.selecting.length ?? 0) > 0;
  }

  /** Adds a fixture, in place of one for the same requests. */
  add(fixture: Fixture, epoch: string = this.#epoch): void {
    this.#epoch = epoch;
    const { head, body, selecting } = fixture;
    const policy = policyOf(fixture, { id: randomUUID(), epoch });
    const identity = JSON.stringify(selecting);
    // The latest last.
    this.#kept.delete(identity);
    this.#kept.set(identity, { fixture, entry: { response: { ...head, body }, policy } });
    this.#index = undefined;
  }

  /** What lies at a key. */
  find(key: string): CacheEntry | undefined {
    const [first] = this.#kept.values();
    if (first === undefined) return undefined;
    if (key === slotOf(first.fixture)) return this.isVarying ? this.#indexOf(first.fixture) : first.entry;
    return this.list().find(([cacheKey]) => cacheKey === key)?.[1];
  }

  /** All that it has, by the keys that the engine finds it by. */
  list(): readonly (readonly [cacheKey: string, entry: CacheEntry])[] {
    return [...this.#kept.values()].map(({ fixture, entry }) => [
      this.isVarying ? keyInEpoch(fixture, this.#epoch) : slotOf(fixture),
      entry,
    ]);
  }

  #indexOf({ url }: Fixture): CacheEntry {
    this.#index ??= {
      response: {
        ...{ url, status: 204, statusText: '', httpVersion: '1.1', headers: [], trailers: [] },
        body: new Uint8Array(),
      },
      policy: {
        ...{ v: 1, kind: 'index', id: randomUUID(), epoch: this.#epoch, invalidatedAt: 0 },
        sets: this.#sets(),
      },
    };
    return this.#index;
  }

  #sets(): readonly VariantSet[] {
    const all = [...this.#kept.values()].map(({ fixture }) => fixture.selecting.map(([name]) => name));
    const different = new Map(all.map((names) => [names.join(), names]));
    return [...different.values()].toReversed().map((names) => ({ names, credentialed: false }));
  }
}
