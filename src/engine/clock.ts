/** Tells the time. Tests give one that they can set. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** The system's clock. */
export const systemClock: Clock = { now: () => Date.now() };
