// @ts-check

/** Before it warns of 100 listeners. */
const most = 90;

/**
 * Got with its own cache, in a Map. It leaves a listener behind for each request, and searches all of them at the next: a
 * hit after 10 000 others takes many times as long as the first. So that it is seen at its best, what it stored goes on in
 * a new Map every now and then.
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
      // Without Authorization in requests it makes no difference, and with it nothing would be stored otherwise.
      caching = client.extend({ cache: store, cacheOptions: { shared: false } });
    }
    used += 1;
    return caching;
  };
}
