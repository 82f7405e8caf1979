import { fieldValues, hasField } from './fields.ts';
import type { RequestHead } from './message.ts';

/** One range of bytes as a request names it, without regard to any length (RFC 9110 §14.1.2). */
export type RangeSpec =
  /** From a first position to a last one; `Infinity` where the request names no last. */
  | { readonly kind: 'int'; readonly first: number; readonly last: number }
  /** So many bytes at the end. */
  | { readonly kind: 'suffix'; readonly length: number };

/** Positions of bytes in a body, from 0, both included. */
export interface BytePositions {
  /** First byte. */
  readonly start: number;
  /** Last byte. */
  readonly end: number;
}

/** One range in the only unit that there is; the unit's name has no case (RFC 9110 §14.1, §14.2). */
const oneByteRange = /^bytes=(?:(?<first>\d+)-(?<last>\d*)|-(?<suffix>\d+))$/i;

/**
 * Parses a `Range` field: `undefined` for other units, for several ranges, and for what is none. Takes time linear in its
 * length. Numbers beyond the exact ones are rounded; no body has that many bytes.
 */
export function parseRange(value: string): RangeSpec | undefined {
  const { first, last = '', suffix } = oneByteRange.exec(value)?.groups ?? {};
  if (suffix !== undefined) return { kind: 'suffix', length: Number(suffix) };
  if (first === undefined) return undefined;
  if (last === '') return { kind: 'int', first: Number(first), last: Infinity };
  // RFC 9110 §14.1.1: such a range is invalid.
  return isLess(last, first) ? undefined : { kind: 'int', first: Number(first), last: Number(last) };
}

/** Compares digits, however many. */
function isLess(a: string, b: string): boolean {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length === y.length ? x < y : x.length < y.length;
}

/**
 * What part of a response a request asks for, before any `If-Range`: a range, the `whole`, or something that is left
 * to the origin (`other`): another unit, several ranges, malformed or repeated fields.
 */
export function askedRange({ method, headers }: RequestHead): RangeSpec | 'whole' | 'other' {
  // RFC 9110 §14.2: Range is defined for GET; with other methods it means nothing.
  if (method !== 'GET' || !hasField(headers, 'range')) return 'whole';
  const [value, ...more] = fieldValues(headers, 'range');
  if (value === undefined) return 'whole';
  if (more.length > 0 || fieldValues(headers, 'if-range').length > 1) return 'other';
  return parseRange(value) ?? 'other';
}

/**
 * The bytes that a range selects of a body (RFC 9110 §14.1.2): cut to the body's size, `unsatisfiable` when it selects
 * none, and `whole` for the end of an empty body, which is satisfiable but which no `Content-Range` can tell of.
 */
export function resolveRange(range: RangeSpec, size: number): BytePositions | 'whole' | 'unsatisfiable' {
  if (range.kind === 'suffix') {
    if (range.length === 0) return 'unsatisfiable';
    return size === 0 ? 'whole' : { start: Math.max(0, size - range.length), end: size - 1 };
  }
  if (range.first >= size) return 'unsatisfiable';
  return { start: range.first, end: Math.min(range.last, size - 1) };
}
