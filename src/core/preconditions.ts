import { entityTags, weaklyEqual } from './entity-tag.ts';
import { fieldValue, hasField } from './fields.ts';
import { parseHttpDate } from './http-date.ts';
import type { FieldLines, ResponseHead } from './message.ts';
import { isConfirmable } from './status.ts';

/** What a request's own precondition makes of a fresh stored response. */
export type PreconditionResult =
  /** The caller has it already: answer 304. */
  | 'not-modified'
  /** Answer with it. */
  | 'send'
  /** Only the origin can tell. */
  | 'forward';

/**
 * Evaluates the preconditions of a request on a fresh stored response (RFC 9111 §4.3.2, RFC 9110 §13.2.2).
 *
 * @param now - Milliseconds since 1970.
 */
export function evaluatePreconditions(
  request: FieldLines,
  head: ResponseHead,
  now: number,
): PreconditionResult {
  // §4.3.2: these are for the origin.
  if (hasField(request, 'if-match') || hasField(request, 'if-unmodified-since')) return 'forward';
  // RFC 9110 §13.2.1, §15.4.5: a 304 stands for what is a 200 without the precondition.
  if (!isConfirmable(head.status)) return 'send';
  const wantedTags = fieldValue(request, 'if-none-match');
  // RFC 9110 §13.1.3: If-None-Match makes If-Modified-Since mean nothing.
  if (wantedTags !== undefined) return matchesTag(wantedTags, head) ? 'not-modified' : 'send';
  const since = fieldValue(request, 'if-modified-since');
  return since !== undefined && isUnmodifiedSince(since, head, now) ? 'not-modified' : 'send';
}

function matchesTag(wanted: string, head: ResponseHead): boolean {
  if (wanted.trim() === '*') return true;
  const etag = fieldValue(head.headers, 'etag');
  return etag !== undefined && entityTags(wanted).some((tag) => weaklyEqual(tag, etag));
}

function isUnmodifiedSince(since: string, head: ResponseHead, now: number): boolean {
  // §4.3.2: Date stands in for a Last-Modified that is missing.
  const modified = fieldValue(head.headers, 'last-modified') ?? fieldValue(head.headers, 'date');
  const modifiedTime = modified === undefined ? undefined : parseHttpDate(modified, now);
  const sinceTime = parseHttpDate(since, now);
  return modifiedTime !== undefined && sinceTime !== undefined && modifiedTime <= sinceTime;
}

/** The fields that a 304 has of the response it stands for (RFC 9110 §15.4.5), and what a cache adds to it. */
const notModifiedNames: ReadonlySet<string> = new Set([
  'age',
  'cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'vary',
]);

/** The 304 that stands for a stored response (RFC 9110 §15.4.5). */
export function notModifiedHead(head: ResponseHead): ResponseHead {
  // Of what describes the representation, Last-Modified is of use only where there is no entity tag.
  const isLastModifiedKept = !hasField(head.headers, 'etag');
  return {
    status: 304,
    statusText: 'Not Modified',
    httpVersion: head.httpVersion,
    headers: head.headers.filter(([name]) => {
      const lowerName = name.toLowerCase();
      return notModifiedNames.has(lowerName) || (isLastModifiedKept && lowerName === 'last-modified');
    }),
  };
}
