import type { EngineContext } from './context.ts';
import { unused, type Found, type FoundResponse } from './variants.ts';

/** A stored response whose body could not be read. */
export interface Unreadable {
  /** The primary key of its target URI. */
  readonly primary: string;
  readonly found: FoundResponse;
  readonly error: Error;
}

/** Takes a stored response whose body cannot be read out of the store, and says so. */
export function unreadable(context: EngineContext, { primary, found, error }: Unreadable): Found {
  context.store.report('streamResponse', found.key, error);
  const work = context.writes.run(primary, async () => {
    await context.store.delete(found.key, found.stored.token);
  });
  context.flights.settle(primary, work);
  return unused(found);
}
