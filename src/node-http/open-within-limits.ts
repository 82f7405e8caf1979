import type { IncomingMessage } from 'node:http';
import type { OriginLimits, Passage } from '../engine/origin-limits.ts';
import { isPromise } from '../engine/maybe-promise.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { originHead } from './origin-head.ts';
import { isRequest, type Opened, type RequestSeam } from './request-seam.ts';

/** A request that waits for the rate limiter. */
export interface HeldBack {
  /** Fulfils when it no longer waits: it goes out, was refused, or was given up. */
  readonly until: Promise<void>;
  /** Gives it up. */
  cancel(): void;
}

/** How a request to the origin is opened. */
export interface Opening {
  /** For request functions that take a callback and may emit no `response`. */
  readonly onResponse: Parameters<RequestSeam['open']>[0];
  /** Told when the request has to wait for the rate limiter. */
  readonly onHeldBack: (held: HeldBack) => void;
}

/** Opens a request to the origin as soon as the rate limiter lets it through. */
export function openWithinLimits(
  limits: OriginLimits,
  { outgoing, open }: Pick<RequestSeam, 'outgoing' | 'open'>,
  { onResponse, onHeldBack }: Opening,
): MaybePromise<Opened> {
  const leaving = new AbortController();
  const passage = limits.acquire(outgoing.method, outgoing.url, leaving.signal);
  if (!isPromise(passage)) return openWith(passage, open, onResponse);
  const until = passage.then(
    () => undefined,
    () => undefined,
  );
  onHeldBack({ until, cancel: () => leaving.abort() });
  return passage.then((late) => openWith(late, open, onResponse));
}

function openWith(
  passage: Passage,
  open: RequestSeam['open'],
  onResponse: Opening['onResponse'],
): MaybePromise<Opened> {
  const over = (): void => passage.over();
  const answered = (origin: IncomingMessage): void => {
    passage.answered(originHead(origin));
    // A request function of the user's, or a mock, may have but one of these, and none on its request.
    origin.once('end', over).once('close', over);
  };
  const follow = (opened: Opened): Opened => {
    if (isRequest(opened)) opened.once('response', answered).once('error', over).once('close', over);
    else answered(opened);
    return opened;
  };
  try {
    const opened = open((origin) => {
      answered(origin);
      onResponse(origin);
    });
    if (!isPromise(opened)) return follow(opened);
    return opened.then(follow, (error: unknown) => {
      over();
      throw error;
    });
  } catch (error) {
    over();
    throw error;
  }
}
