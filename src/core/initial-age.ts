import { deltaSeconds } from './delta-seconds.ts';

/** What the age of a response is reckoned from. Times are milliseconds since 1970. */
export interface AgeInput {
  /** The combined value of its `Age`. */
  readonly age: string | undefined;
  /** Its `Date`, or when it was received. */
  readonly date: number;
  /** When the request was sent. */
  readonly requestTime: number;
  /** When the response was received. */
  readonly responseTime: number;
}

/** The corrected initial age of RFC 9111 §4.2.3 in milliseconds, never negative. */
export function initialAgeMs(input: AgeInput): number {
  // `Date` has whole seconds: compared with anything finer, every response would seem up to a second old.
  const receivedMs = Math.floor(input.responseTime / 1000) * 1000;
  const apparentAgeMs = Math.max(0, receivedMs - input.date);
  // A clock that was set back in between gives no negative delay.
  const responseDelayMs = Math.max(0, input.responseTime - input.requestTime);
  return Math.max(apparentAgeMs, ageValueMs(input.age) + responseDelayMs);
}

/** §5.1: the first member of a list counts, and what is no non-negative integer is ignored. */
function ageValueMs(age: string | undefined): number {
  return (deltaSeconds(age?.split(',', 1)[0]?.trim()) ?? 0) * 1000;
}
