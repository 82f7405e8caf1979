import type { EventEmitter } from 'node:events';
import type { ClientRequest } from 'node:http';

/** Events that mean the same on the request that the caller has as on the one to the origin. */
const relayed = ['socket', 'continue', 'information', 'timeout', 'drain'] as const;

/** Events for which Node acts differently when nobody listens, so that we must not when the caller does not. */
const relayedOnDemand = ['upgrade', 'connect'] as const;

/**
 * Emits on the caller's request what happens to the origin's, apart from `response`, `error`, `finish` and `close`.
 *
 * @param options - Whether the request asks for its connection to be used otherwise (RFC 9110 §7.8, §9.3.6).
 */
export function relayEvents(
  from: ClientRequest,
  to: EventEmitter,
  { mayBeUpgraded }: { readonly mayBeUpgraded: boolean },
): void {
  for (const event of relayed) from.on(event, (...args: unknown[]) => to.emit(event, ...args));
  if (!mayBeUpgraded) return;
  for (const event of relayedOnDemand) {
    const relay = (...args: unknown[]): boolean => to.emit(event, ...args);
    if (to.listenerCount(event) > 0) from.on(event, relay);
    else {
      to.on('newListener', function attach(name: string | symbol) {
        if (name !== event) return;
        to.removeListener('newListener', attach);
        from.on(event, relay);
      });
    }
  }
}
