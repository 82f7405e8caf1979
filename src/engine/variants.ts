import { randomUUID } from 'node:crypto';
import { suffixName, variantKey } from '../core/cache-key.ts';
import type {
  IndexPolicy,
  ResponsePolicy,
  SelectingField,
  VariantSet,
  VariantTag,
} from '../core/policy-types.ts';
import { tagsToOffer, withTag } from '../core/variant-tags.ts';
import { isPreferred } from '../core/preferred-response.ts';
import { sameSelecting } from '../core/vary.ts';
import type { MaybePromise, StoredResponse } from '../managers/manager.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import type { Selection } from './selection.ts';
import { failed, type Failed, type Store, type StoredMessage } from './store.ts';
import { release } from './release.ts';

const maxSets = 16;

/** How often an index is read anew that others write at the same time. */
const mostAttempts = 4;

/** What is stored for a request. */
export type Found =
  /** Nothing for the target URI. */
  | { readonly kind: 'nothing' }
  /** The store failed. */
  | { readonly kind: 'fault' }
  /** Something for the target URI, but not for this request. */
  | {
      readonly kind: 'other';
      readonly index: IndexPolicy | undefined;
      /** What is stored for this request, but must not be used for it. */
      readonly unused?: UnusedResponse;
    }
  /** A response for this request; its holder streams or releases it. */
  | {
      readonly kind: 'stored';
      readonly stored: StoredMessage;
      /** Its policy as it counts now: as stored, unless it was marked as stale. */
      readonly policy: ResponsePolicy;
      readonly key: string;
      readonly index: IndexPolicy | undefined;
    };

/** A response that is stored, and was let go of. */
export interface UnusedResponse {
  readonly key: string;
  readonly policy: ResponsePolicy;
}

/** A response that was found; see {@link Found}. */
export type FoundResponse = Extract<Found, { kind: 'stored' }>;

/** Where a response goes. */
export interface Placement {
  /** The key of the response. */
  readonly key: string;
  /** The epoch it is stored under. */
  readonly epoch: string;
  /** What the index has to name for it to be found; `undefined` when it takes the primary key itself. */
  readonly set: VariantSet | undefined;
  /** When the target URI had last been invalidated. */
  readonly invalidatedAt: number;
  /** When its responses had last been marked as stale; `undefined` for never. */
  readonly indexStaleSince: number | undefined;
  /** Whether the epoch is that of an index that was there. */
  readonly isIndexed: boolean;
}

/** A variant that an index is to lead to. */
export interface IndexedVariant {
  readonly placement: Placement & { readonly set: VariantSet };
  readonly policy: ResponsePolicy;
}

/**
 * Several stored responses of one target URI, on any manager: a response that varies by nothing and is for anybody has
 * the primary key itself; others have keys of their own, which the index at the primary key leads to.
 */
export class Variants {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Finds what is stored for a request (RFC 9111 §4.1): of several that match, the one to be preferred. */
  find(primary: string, selection: Selection): MaybePromise<Found> {
    const entry = this.#store.get(primary);
    return isPromise(entry)
      ? entry.then((late) => this.#select(late, primary, selection))
      : this.#select(entry, primary, selection);
  }

  #select(
    entry: StoredResponse | undefined | Failed,
    primary: string,
    selection: Selection,
  ): MaybePromise<Found> {
    if (entry === failed) return { kind: 'fault' };
    if (entry === undefined) return { kind: 'nothing' };
    if (isMessage(entry)) {
      if (!selection.suffixed && entry.policy.credentials === null && entry.policy.selecting.length === 0) {
        return { kind: 'stored', stored: entry, policy: entry.policy, key: primary, index: undefined };
      }
      release(entry);
      return { kind: 'other', index: undefined };
    }
    release(entry);
    const { policy } = entry;
    if (policy.kind !== 'index' || policy.v !== 1) return { kind: 'nothing' };
    if (policy.sets.length === 0) return { kind: 'other', index: policy };
    return andThen(selection.ready(), () => this.#findVariant(primary, selection, policy));
  }

  /** Where a response goes that varies by these request fields and is bound to these credentials. */
  place(
    primary: string,
    found: Found,
    response: {
      readonly selecting: readonly SelectingField[];
      readonly credentials: string | null;
      readonly newEpoch: () => string;
    },
  ): Placement {
    const index = found.kind === 'other' || found.kind === 'stored' ? found.index : undefined;
    const replaced = found.kind === 'stored' ? found.stored.policy : unusedPolicy(found);
    const before = index === undefined ? replaced : undefined;
    const invalidatedAt = index?.invalidatedAt ?? before?.invalidatedAt ?? 0;
    const { selecting, credentials } = response;
    const indexStaleSince = index?.staleSince;
    const epoch = index?.epoch ?? before?.epoch ?? response.newEpoch();
    if (selecting.length === 0 && credentials === null && (index === undefined || index.sets.length === 0)) {
      return { key: primary, epoch, set: undefined, invalidatedAt, indexStaleSince, isIndexed: false };
    }
    return {
      key: variantKey(primary, epoch, selecting, credentials),
      epoch,
      set: { names: selecting.map(([name]) => name), credentialed: credentials !== null },
      invalidatedAt,
      indexStaleSince,
      isIndexed: index !== undefined,
    };
  }

  /**
   * Makes the index lead to a variant. `false` when the target URI has another generation of variants by now, which
   * another process may begin at any moment: only what was read is replaced (RFC 9111 §4.4).
   */
  async index(
    primary: string,
    url: string,
    variant: IndexedVariant,
    mayAdd: () => MaybePromise<boolean>,
  ): Promise<boolean> {
    const { placement, policy } = variant;
    let isLedTo = false;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const entry = await this.#store.get(primary);
      if (entry === failed) return false;
      release(entry);
      const current = entry?.policy.kind === 'index' && entry.policy.v === 1 ? entry.policy : undefined;
      if (current !== undefined && current.epoch !== placement.epoch) return false;
      // Its index went, so its other variants must not be led to again.
      if (current === undefined && placement.isIndexed) return false;
      const sets = current?.sets ?? [];
      isLedTo = sets.some((set) => sameSet(set, placement.set));
      // No other GET than one that selects it may get a response to HEAD.
      const tags = policy.method === 'HEAD' ? current?.tags : withTag(current?.tags, policy);
      if (isLedTo && tags === current?.tags) return true;
      const index: IndexPolicy = {
        v: 1,
        kind: 'index',
        id: randomUUID(),
        epoch: placement.epoch,
        invalidatedAt: current?.invalidatedAt ?? placement.invalidatedAt,
        sets: isLedTo ? sets : [placement.set, ...sets].slice(0, maxSets),
        ...(tags === undefined ? {} : { tags }),
        ...(current?.staleSince === undefined ? {} : { staleSince: current.staleSince }),
      };
      const written = await this.#store.replaceByIndex(primary, entry, { url, policy: index, mayAdd });
      if (written === failed) break;
      if (written) return true;
    }
    // Without its tag it is found all the same.
    return isLedTo;
  }

  /** The variants that a request may name to learn which of them it would get; none where they are not for it. */
  offers(found: Found, selection: Selection): readonly VariantTag[] {
    const tags = found.kind === 'other' ? found.index?.tags : undefined;
    if (tags === undefined) return [];
    const ofItsKind = tags.filter(
      ({ selecting }) => selecting.some(([name]) => name === suffixName) === selection.suffixed,
    );
    return tagsToOffer(
      ofItsKind,
      (names) => selection.selecting(names),
      () => selection.credentials(),
    );
  }

  /** The variant that a tag of an index stands for, if it is still there. */
  variantOf(primary: string, index: IndexPolicy, tag: VariantTag): MaybePromise<FoundResponse | undefined> {
    const key = variantKey(primary, index.epoch, tag.selecting, tag.credentials);
    return andThen(this.#store.get(key), (entry) => {
      if (entry === failed || entry === undefined) return undefined;
      if (
        isMessage(entry) &&
        entry.policy.etag === tag.etag &&
        entry.policy.credentials === tag.credentials
      ) {
        return { kind: 'stored', stored: entry, policy: entry.policy, key, index };
      }
      release(entry);
      return undefined;
    });
  }

  #findVariant(primary: string, selection: Selection, index: IndexPolicy): MaybePromise<Found> {
    const best = (at: number, found: Found): MaybePromise<Found> => {
      const set = index.sets[at];
      if (set === undefined) return found;
      // What was stored under a suffix is for requests with one, and the other way round.
      if (set.names.includes(suffixName) !== selection.suffixed) return best(at + 1, found);
      const credentials = set.credentialed ? selection.credentials() : null;
      if (credentials === undefined) return best(at + 1, found);
      const selecting = selection.selecting(set.names);
      const key = variantKey(primary, index.epoch, selecting, credentials);
      return andThen(this.#store.get(key), (entry) => {
        if (entry === failed || entry === undefined) return best(at + 1, found);
        if (
          !isMessage(entry) ||
          entry.policy.credentials !== credentials ||
          !sameSelecting(entry.policy.selecting, selecting) ||
          (found.kind === 'stored' && !isPreferred(entry, found.stored, selection.hasUser))
        ) {
          release(entry);
          return best(at + 1, found);
        }
        if (found.kind === 'stored') release(found.stored);
        return best(at + 1, { kind: 'stored', stored: entry, policy: entry.policy, key, index });
      });
    };
    return best(0, { kind: 'other', index });
  }
}

function unusedPolicy(found: Found): ResponsePolicy | undefined {
  return found.kind === 'other' ? found.unused?.policy : undefined;
}

/** The stored response that another one for the same request takes the place of. */
export function replacedResponse(found: Found): UnusedResponse | undefined {
  if (found.kind === 'stored') return { key: found.key, policy: found.stored.policy };
  return found.kind === 'other' ? found.unused : undefined;
}

/** Lets go of a stored response that must not answer, and remembers that it is there. */
export function unused({ key, stored, index }: FoundResponse): Found {
  release(stored);
  return { kind: 'other', index, unused: { key, policy: stored.policy } };
}

function isMessage(entry: StoredResponse): entry is StoredMessage {
  return entry.policy.kind === 'response' && entry.policy.v === 1;
}

function sameSet(a: VariantSet, b: VariantSet): boolean {
  return (
    a.credentialed === b.credentialed &&
    a.names.length === b.names.length &&
    a.names.every((name, at) => name === b.names[at])
  );
}
