import type { ResponseHead } from '../core/message.ts';
import type { StorageRefusal } from '../core/storage-decision.ts';
import type { EngineContext } from './context.ts';
import type { Flight } from './flights.ts';
import type { Forwarding } from './forwarding.ts';
import { learnRefusal } from './learn-sharing.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { unsharedMs } from './sharing-memory.ts';

/** For how long nobody waits for others behind an origin that failed, in milliseconds: about as long as those took that did. */
const failedMs = 1000;

type Held = Pick<Forwarding, 'lease' | 'sharingKey' | 'isBehind'>;

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

/** Ends the lease of a request whose answer is not stored, and learns what that says of the next answer. */
export function endRefused(
  context: EngineContext,
  forwarding: Forwarding,
  { answer, reason }: { readonly answer: ResponseHead; readonly reason: StorageRefusal },
): void {
  learnRefusal(context, forwarding, reason);
  // An error may be over soon, and the answer behind it one to share (RFC 9110 §15.6, RFC 6585 §4).
  if (answer.status >= 500 || answer.status === 429) openLease(context, forwarding, 'failed');
}

/** Lets everybody ask at once for what turned out not to be shared. */
export function openLease(
  { flights }: EngineContext,
  { lease, isBehind }: Held,
  why: 'failed' | 'unshared',
): void {
  // Nobody waits for what goes behind a response that was handed out.
  const openForMs = why === 'failed' ? failedMs : unsharedMs;
  const ended = lease?.end(isBehind ? undefined : openForMs);
  if (isPromise(ended)) flights.inBackground(ended);
}
