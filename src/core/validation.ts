import { isWeak, weaklyEqual } from './entity-tag.ts';
import { fieldValue, fieldValues, hasField } from './fields.ts';
import type { FieldLine, FieldLines, ResponseHead } from './message.ts';
import type { ResponsePolicy } from './policy-types.ts';

/**
 * Fields that make a request conditional (RFC 9110 §13.1), in lower case; but not `If-Range`, which decides about a part
 * or the whole, and never about a 304.
 */
const conditionalNames: readonly string[] = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
];

/** The fields that ask the origin whether a stored response still holds (RFC 9111 §4.3.1); empty when it has no validator. */
export function conditionalFields(policy: ResponsePolicy): FieldLines {
  const fields: FieldLine[] = [];
  if (policy.etag !== undefined) fields.push(['If-None-Match', policy.etag]);
  if (policy.lastModified !== undefined) fields.push(['If-Modified-Since', policy.lastModified]);
  return fields;
}

/** Whether a request carries a precondition of its own (RFC 9110 §13.1). */
export function hasConditional(headers: FieldLines): boolean {
  return conditionalNames.some((name) => hasField(headers, name));
}

/** What the decision about an answer of the origin depends on. */
export interface ValidationInput {
  /** The policy of the stored response. */
  readonly stored: ResponsePolicy;
  /** The head of the stored response. */
  readonly storedHead: ResponseHead;
  /** The origin's answer. */
  readonly answer: ResponseHead;
  /** Whether the condition of the request was ours, made from the stored response. */
  readonly conditional: boolean;
  /** The fields of the request as its caller made it. */
  readonly request: FieldLines;
}

/** What an answer of the origin means for a stored response (RFC 9111 §4.3.3). */
export type ValidationDecision =
  /** It still holds: update it and answer with it. */
  | { readonly kind: 'freshen' }
  /** It still holds: update it. The answer itself is for the caller, who has it too. */
  | { readonly kind: 'freshen-and-pass' }
  /** The answer stands for itself. */
  | { readonly kind: 'pass' }
  /** A 304 that confirms something else: ask again without a condition. */
  | { readonly kind: 'retry' };

/** Decides what an answer to a validation means (RFC 9111 §4.3.3, §4.3.4). */
export function decideValidation(input: ValidationInput): ValidationDecision {
  if (input.answer.status !== 304) return { kind: 'pass' };
  if (input.conditional) return { kind: identifiesStored(input) ? 'freshen' : 'retry' };
  return { kind: isAskedAndConfirmed(input) ? 'freshen-and-pass' : 'pass' };
}

/**
 * §4.3.4: a validator of the 304 tells which stored response it is about. One without any can only be about the one that
 * we asked about.
 */
function identifiesStored({ stored, storedHead, answer }: ValidationInput): boolean {
  const etag = fieldValue(answer.headers, 'etag');
  if (etag !== undefined) {
    // §4.3.4: a strong tag selects the stored response that has the very same.
    if (stored.etag !== undefined)
      return isWeak(etag) ? weaklyEqual(etag, stored.etag) : etag === stored.etag;
    // A strong tag that the stored response lacks is another representation's; with a weak one it takes another validator.
    if (!isWeak(etag)) return false;
  }
  const lastModified = fieldValue(answer.headers, 'last-modified');
  if (lastModified === undefined) return etag === undefined;
  const storedLastModified = fieldValue(storedHead.headers, 'last-modified');
  return lastModified === storedLastModified || (etag === undefined && storedLastModified === undefined);
}

/**
 * §4.3.4: whether the caller asked by the validator of the stored response and by no other, so that the 304 is about it;
 * a tag in the 304 must be the same one.
 */
function isAskedAndConfirmed(input: ValidationInput): boolean {
  const { stored, request } = input;
  const [tags, second] = fieldValues(request, 'if-none-match');
  if (tags === undefined) {
    const since = fieldValue(request, 'if-modified-since');
    return since !== undefined && since === stored.lastModified && identifiesStored(input);
  }
  return second === undefined && tags === stored.etag && identifiesStored(input);
}
