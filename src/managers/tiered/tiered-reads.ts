import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { andThen, isPromise } from '../and-then.ts';
import type { StreamingMethods } from '../buffered-manager.ts';
import { frozenCopy } from '../frozen-copy.ts';
import type { ByteRange, MaybePromise, StoredResponse } from '../manager.ts';
import type { Coherence, Copy, Reading } from './coherence.ts';
import { copiedBody } from './copied-body.ts';
import { NearFill } from './near-fill.ts';
import type { NearStore } from './near-store.ts';
import { type PendingCopy, type Source, TieredResponse } from './tiered-response.ts';

/** What is read from. */
export interface TieredReadsOptions {
  readonly near: NearStore;
  readonly far: StreamingMethods;
  /** Whether the far store's tokens tell all its revisions apart, as those of three methods do not. */
  readonly isExact: boolean;
  readonly coherence: Coherence;
}

/** Reads from the near store what may be, and from the far one the rest, of which copies are made. */
export class TieredReads {
  readonly #near: NearStore;
  readonly #far: StreamingMethods;
  readonly #isExact: boolean;
  readonly #coherence: Coherence;
  /** In the keys of all copies, so that a near store that outlives the process has none that another one would find. */
  readonly #own = randomUUID();
  #copies = 0;

  constructor({ near, far, isExact, coherence }: TieredReadsOptions) {
    this.#near = near;
    this.#far = far;
    this.#isExact = isExact;
    this.#coherence = coherence;
  }

  /** Finds what is stored, at once where the near store answers at once. */
  find(cacheKey: string): MaybePromise<TieredResponse | undefined> {
    const copy = this.#coherence.usable(cacheKey);
    if (copy === undefined) return this.findFar(cacheKey);
    const stored = this.#near.read(copy.nearKey);
    if (isPromise(stored)) return stored.then((late) => this.#foundNear(cacheKey, copy, late));
    return this.#foundNear(cacheKey, copy, stored);
  }

  /** Finds what the far store has. */
  findFar(cacheKey: string): MaybePromise<TieredResponse | undefined> {
    const reading = this.#coherence.begin(cacheKey);
    try {
      const stored = this.#far.getStream(cacheKey);
      if (!isPromise(stored)) return this.#foundFar(cacheKey, reading, stored);
      return stored.then(
        (late) => this.#foundFar(cacheKey, reading, late),
        (error: unknown) => {
          this.#coherence.end(cacheKey, reading);
          throw error;
        },
      );
    } catch (error) {
      this.#coherence.end(cacheKey, reading);
      throw error;
    }
  }

  /** The body of what was found, or a range of it. */
  stream({ source }: TieredResponse, range?: ByteRange): Readable {
    const { stored } = source;
    if (source.tier === 'near') return this.#near.stream(stored, range);
    const { copy } = source;
    if (copy === undefined || range !== undefined) {
      copy?.cancel();
      return this.#far.streamResponse(stored, range);
    }
    return copiedBody(this.#far.streamResponse(stored), copy.begin());
  }

  #foundNear(
    cacheKey: string,
    copy: Copy,
    stored: StoredResponse | undefined,
  ): MaybePromise<TieredResponse | undefined> {
    // The near store makes room as it likes.
    if (stored === undefined) return this.findFar(cacheKey);
    return new TieredResponse({ tier: 'near', stored }, copy.token);
  }

  #foundFar(
    cacheKey: string,
    reading: Reading,
    stored: StoredResponse | undefined,
  ): MaybePromise<TieredResponse | undefined> {
    const coherence = this.#coherence;
    if (stored === undefined) {
      coherence.end(cacheKey, reading);
      coherence.forget(cacheKey);
      return undefined;
    }
    const copy = coherence.copyOf(cacheKey);
    const revision = this.#revisionOf(stored);
    if (copy?.revision !== revision) {
      coherence.discard(cacheKey);
      return this.#copying(cacheKey, reading, { stored, revision });
    }
    return andThen(this.#near.read(copy.nearKey), (near) => {
      if (near === undefined) return this.#copying(cacheKey, reading, { stored, revision });
      coherence.confirm(cacheKey, reading);
      coherence.end(cacheKey, reading);
      // What is here anyway need not be read again.
      const unused = stored.body === undefined ? stored : near;
      unused.release();
      const source: Source =
        unused === near ? { tier: 'far', stored, copy: undefined } : { tier: 'near', stored: near };
      return new TieredResponse(source, stored.token);
    });
  }

  /** Makes a copy of what was found, now or while its body is read. */
  #copying(
    cacheKey: string,
    reading: Reading,
    { stored, revision }: { readonly stored: StoredResponse; readonly revision: string },
  ): TieredResponse {
    const { token, size } = stored;
    const body = size === 0 ? new Uint8Array() : stored.body;
    if (!this.#near.fits(size) || !this.#coherence.mayCopy(cacheKey, reading)) {
      this.#coherence.end(cacheKey, reading);
      return new TieredResponse({ tier: 'far', stored, copy: undefined }, token);
    }
    this.#copies++;
    const copy: Copy = { revision, token, nearKey: `${this.#own}.${this.#copies} ${cacheKey}` };
    // Taken now: what the caller does with its own while the body comes is not copied.
    const { value } = frozenCopy({ head: stored.head, policy: stored.policy });
    const begin = (): NearFill =>
      new NearFill({
        writer: this.#near.begin(copy.nearKey, value, size),
        mayKeep: () => reading.isCurrent,
        ended: (isThere) => {
          this.#coherence.end(cacheKey, reading);
          if (isThere && !this.#coherence.keep(cacheKey, reading, copy)) this.#near.drop(copy.nearKey);
        },
      });
    if (body === undefined) {
      let hasBegun = false;
      const pending: PendingCopy = {
        begin: () => {
          hasBegun = true;
          return begin();
        },
        cancel: () => {
          if (!hasBegun) this.#coherence.end(cacheKey, reading);
        },
      };
      return new TieredResponse({ tier: 'far', stored, copy: pending }, token);
    }
    begin().takeWhole(body);
    return new TieredResponse({ tier: 'far', stored, copy: undefined }, token);
  }

  #revisionOf({ token, policy }: StoredResponse): string {
    if (this.#isExact) return token;
    return `${token} ${createHash('sha256').update(JSON.stringify(policy)).digest('base64url')}`;
  }
}
