import { fieldValue, fieldValues } from './fields.ts';
import { meetsIfRange } from './if-range.ts';
import { listMembers } from './list-members.ts';
import type { FieldLine, FieldLines, RequestHead, ResponseHead } from './message.ts';
import { askedRange, resolveRange, type BytePositions } from './range.ts';

/** What a cut is made from. */
export interface CutInput {
  /** The request, whose other preconditions were evaluated before (RFC 9110 §13.2.2). */
  readonly request: RequestHead;
  /** The head of the stored response that answers it. */
  readonly head: ResponseHead;
  /** The length of its body in bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What of a stored response answers a request. */
export interface Cut {
  /** The stored head, or that of a 206 or 416 made of it. */
  readonly head: ResponseHead;
  /** What of the body goes with it. */
  readonly body: BodyPart;
}

/** All of a body, a part of it, or nothing. */
export type BodyPart = 'whole' | BytePositions | 'none';

/**
 * Cuts a complete stored response to the one range that a GET asks for (RFC 9110 §14.2). Not one with a content coding,
 * of which ranges would be (§14.1): clients decode what they get, and a part of it cannot be decoded. `Accept-Ranges:
 * none` is the origin's word about itself (§14.3), and keeps no cache from cutting.
 */
export function cutToRange({ request, head, size, now }: CutInput): Cut {
  const whole: Cut = { head, body: 'whole' };
  const asked = askedRange(request);
  if (asked === 'whole' || asked === 'other') return whole;
  // §14.2: a range is of what would be a 200 without it.
  if (head.status !== 200 || isCoded(head)) return whole;
  const condition = fieldValue(request.headers, 'if-range');
  // §13.1.5
  if (condition !== undefined && !meetsIfRange(condition, head, now)) return whole;
  const range = resolveRange(asked, size);
  if (range === 'whole') return whole;
  if (range === 'unsatisfiable') return { head: unsatisfiableHead(head, size), body: 'none' };
  return { head: partHead(head, range, size), body: range };
}

function isCoded({ headers }: ResponseHead): boolean {
  return listMembers(fieldValue(headers, 'content-encoding') ?? '').some(
    (coding) => !/^identity$/i.test(coding),
  );
}

/** Fields that describe the content of one message, and so not that of a part of it (RFC 9530 §2, RFC 9110 §6.6.2). */
const aboutTheContent: ReadonlySet<string> = new Set([
  'content-digest',
  'content-length',
  'content-md5',
  'content-range',
  'trailer',
]);

/** The 206 for a part of a stored response: all that the 200 says, of another length (RFC 9110 §15.3.7). */
function partHead(head: ResponseHead, { start, end }: BytePositions, size: number): ResponseHead {
  const headers: FieldLine[] = [];
  for (const line of head.headers) {
    if (!aboutTheContent.has(line[0].toLowerCase())) headers.push(line);
  }
  headers.push(['Content-Range', `bytes ${start}-${end}/${size}`]);
  headers.push(['Content-Length', String(end - start + 1)]);
  return { status: 206, statusText: 'Partial Content', httpVersion: head.httpVersion, headers };
}

/** The 416 that tells how long the body is (RFC 9110 §15.5.17). What the 200 says of its own content is not about this one. */
function unsatisfiableHead(head: ResponseHead, size: number): ResponseHead {
  const headers: FieldLines = [
    ...fieldValues(head.headers, 'date').map((date): FieldLine => ['Date', date]),
    ['Content-Range', `bytes */${size}`],
    ['Content-Length', '0'],
  ];
  return { status: 416, statusText: 'Range Not Satisfiable', httpVersion: head.httpVersion, headers };
}
