// @ts-check

/** It warns when there are 100 listeners. */
const most = 90;

/**
 * Got with its own cache, in a Map. It leaves a listener behind for each request, and from the hundredth on it prints a
 * warning each time. So that nobody measures the printing, what it stored goes on in a new Map before that.
 *
 * @param {import('got').Got} client
 * @returns {() => import('got').Got} To be called for each request.
 */
export function gotOwnCache(client) {
  let used = 0;
  let store = new Map();
  let caching = client;
  return () => {
    if (used % most === 0) {
      store = new Map(store);
      // A private cache, as ours: a shared one does not store what was asked for with Authorization.
      caching = client.extend({ cache: store, cacheOptions: { shared: false } });
    }
    used += 1;
    return caching;
  };
}
