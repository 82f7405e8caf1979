/** For how long a file that nothing names may be one that is just being published, in milliseconds. */
export const GRACE: number = 10 * 60_000;

/** A time stamp this far in the future, in milliseconds, is not taken for one. */
const FAR_FUTURE = 24 * 60 * 60_000;

/** Whether what was made or changed then can no longer be under way. */
export function isLongAgo(time: number, now: number): boolean {
  const age = now - time;
  return age >= GRACE || age <= -FAR_FUTURE;
}
