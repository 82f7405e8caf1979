import { weaklyEqual } from './entity-tag.ts';
import { fieldValue } from './fields.ts';
import type { ResponseHead } from './message.ts';
import { outdates } from './outdates.ts';

/** What is compared when a HEAD was answered for a target URI that a response to GET is stored for. */
export interface HeadEffectInput {
  /** The head of the stored response to GET. */
  readonly storedHead: ResponseHead;
  /** The length of its body in bytes. */
  readonly storedSize: number;
  /** The origin's answer to the HEAD. */
  readonly answer: ResponseHead;
}

/** What an answer to HEAD does to a stored response to GET. */
export type HeadEffect =
  /** It is about the same representation: its fields update the stored ones. */
  | 'freshen'
  /** It is about another one: what is stored is not reused before it was validated. */
  | 'outdate'
  /** It tells nothing. */
  | 'none';

/** Decides what an answer to HEAD does to the stored response to GET that it could have been answered from (RFC 9111 §4.3.5). */
export function decideHeadEffect(input: HeadEffectInput): HeadEffect {
  const { answer, storedHead } = input;
  // §4.3.5 lets a 200 freshen, and a GET would have been answered alike: so what is stored is one, too.
  if (answer.status === 200 && storedHead.status === 200) return isAboutStored(input) ? 'freshen' : 'outdate';
  return answer.status !== storedHead.status && outdates(answer) ? 'outdate' : 'none';
}

/** §4.3.5: each validator that the answer has, and its Content-Length, must be that of the stored response. */
function isAboutStored({ storedHead, storedSize, answer }: HeadEffectInput): boolean {
  const etag = fieldValue(answer.headers, 'etag');
  const storedEtag = fieldValue(storedHead.headers, 'etag');
  if (etag !== undefined && (storedEtag === undefined || !weaklyEqual(etag, storedEtag))) return false;
  const lastModified = fieldValue(answer.headers, 'last-modified');
  if (lastModified !== undefined && lastModified !== fieldValue(storedHead.headers, 'last-modified')) {
    return false;
  }
  // What the stored bytes are encoded with stays as it is, so fields that are about other bytes must not join them.
  const coding = fieldValue(answer.headers, 'content-encoding');
  if (coding !== undefined && coding !== fieldValue(storedHead.headers, 'content-encoding')) return false;
  const length = fieldValue(answer.headers, 'content-length');
  return length === undefined || length === String(storedSize);
}
