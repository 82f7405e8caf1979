/** RFC 9111 §1.2.2: a delta-seconds too large to represent counts as this much. */
const largestDeltaSeconds = 2 ** 31;

/** Reads a delta-seconds (RFC 9111 §1.2.2), capped; `undefined` for anything else. */
export function deltaSeconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]+$/.test(text)) return undefined;
  return Math.min(Number(text), largestDeltaSeconds);
}
