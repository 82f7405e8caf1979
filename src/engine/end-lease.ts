import type { EngineContext } from './context.ts';
import type { Flight } from './flights.ts';
import type { Forwarding } from './forwarding.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { unsharedMs } from './sharing-memory.ts';

/** For how long nobody waits for others behind an origin that failed, in milliseconds: about as long as those took that did. */
const failedMs = 1000;

type Held = Pick<Forwarding, 'lease' | 'sharingKey'>;

/** Ends the lease that a request goes out under once it is over and what came of it is stored. */
export function endLeaseAfter(context: EngineContext, held: Held, flight: Flight): void {
  const { lease, sharingKey } = held;
  if (lease === undefined) return;
  const { flights, collapsing } = context;
  flight.over = () => {
    const isShareable = sharingKey === undefined || collapsing.memory.isShareable(sharingKey, context.now());
    const ended = andThen(flights.settled(flight.primary), () =>
      lease.end(isShareable ? undefined : unsharedMs),
    );
    if (isPromise(ended)) flights.inBackground(ended);
  };
}

/** Lets everybody ask at once for what turned out not to be shared. */
export function openLease({ flights }: EngineContext, { lease }: Held, why: 'failed' | 'unshared'): void {
  const ended = lease?.end(why === 'failed' ? failedMs : unsharedMs);
  if (isPromise(ended)) flights.inBackground(ended);
}
