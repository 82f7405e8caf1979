import type { ByteRange } from './manager.ts';

/** Part of a body: the first byte, and the byte behind the last. */
export interface BodySlice {
  /** First byte, from 0. */
  readonly from: number;
  /** The byte behind the last one. */
  readonly to: number;
}

/**
 * The part of a body that a range names; the whole of it without a range.
 *
 * @throws RangeError when the range is not inside the body.
 */
export function sliceOf(size: number, range: ByteRange | undefined): BodySlice {
  if (range === undefined) return { from: 0, to: size };
  const { start, end } = range;
  const inside =
    Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < size;
  if (!inside) {
    throw new RangeError(
      `The range ${start}-${end} is not inside a body of ${size} bytes: cut it to the body first`,
    );
  }
  return { from: start, to: end + 1 };
}
