import { assertNever } from '../core/assert-never.ts';
import { decideHeadEffect } from '../core/head-effect.ts';
import type { EngineContext } from './context.ts';
import { freshen, type Confirmation, type Freshened } from './freshen.ts';
import { failed } from './store.ts';

/**
 * Does what an answer to HEAD asks for with the stored response to GET that it could have been answered from (RFC 9111
 * §4.3.5). Gives what it freshened; `undefined` where it did not.
 */
export function applyHeadAnswer(context: EngineContext, confirmation: Confirmation): Freshened | undefined {
  const { stored, answer, flight, selection } = confirmation;
  if (flight.invalidated || selection.hasAddedCredentials) return undefined;
  const { credentials, directives } = stored.policy;
  // What one user is told does not bind the others who get the stored response too.
  const isForAnybody = directives.public || context.options.rules.shared;
  if (credentials === null && !isForAnybody && selection.hasCredentials()) return undefined;
  const effect = decideHeadEffect({ storedHead: stored.head, storedSize: stored.size, answer });
  switch (effect) {
    case 'freshen':
      return freshen(context, confirmation);
    case 'outdate':
      demandValidation(context, confirmation);
      return undefined;
    case 'none':
      return undefined;
    default:
      return assertNever(effect);
  }
}

/** Keeps a stored response for what a 304 may confirm, and from being reused before. */
function demandValidation(context: EngineContext, { stored, key, flight }: Confirmation): void {
  const { policy, head } = stored;
  if (policy.directives.noCache) return;
  const outdated = { ...policy, directives: { ...policy.directives, noCache: true } };
  const work = context.writes.run(flight.primary, async () => {
    if (flight.invalidated) return;
    const token = await context.store.update(key, stored, head, outdated);
    // Without an answer to that, what is there must not be taken for fresh.
    if (token === failed) await context.store.delete(key);
  });
  context.flights.settle(flight.primary, work);
}
