/** A client with a cache, or without, to know what the client can receive at all. */
export interface Combination {
  readonly client: 'axios' | 'got';
  /** Where the cache stores; `undefined` without one. */
  readonly store?: 'memory' | 'disk';
  /** Whose cache it is; `undefined` without one. */
  readonly sharing?: 'private' | 'shared';
}

const clients = ['axios', 'got'] as const;
const stores = ['memory', 'disk'] as const;

/** All that the suite is run with, in the order of the columns of the table. */
export const combinations: readonly Combination[] = [
  ...combinationsWith('private'),
  ...combinationsWith('shared'),
  ...clients.map((client) => ({ client })),
];

function combinationsWith(sharing: 'private' | 'shared'): readonly Combination[] {
  return clients.flatMap((client) => stores.map((store) => ({ client, store, sharing })));
}

/** How a combination is called in the table. */
export function nameOf({ client, store, sharing }: Combination): string {
  return store === undefined ? `${client} alone` : `${client} ${store} ${sharing}`;
}
