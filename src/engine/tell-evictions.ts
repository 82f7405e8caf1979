import type { CacheManager } from '../managers/manager.ts';
import type { EventSource } from './event-source.ts';
import { ownUrl } from './index-head.ts';

/** Makes an event of every eviction of a manager, which may outlive the cache: it does not keep that alive. */
export function tellEvictions({ evictions }: CacheManager, source: EventSource): void {
  if (evictions === undefined) return;
  const events = new WeakRef(source);
  const stop = evictions.observe(({ cacheKey: key, url, size }) => {
    const living = events.deref();
    if (living === undefined) stop();
    else if (url === ownUrl) return;
    else if (living.observed('evict')) living.emit({ type: 'evict', url, key, size });
  });
}
