import { entityTags } from './entity-tag.ts';
import type { FieldLines, ResponseHead } from './message.ts';
import { suffixName } from './cache-key.ts';
import { fieldValue } from './fields.ts';
import type { ResponsePolicy, SelectingField, VariantTag } from './policy-types.ts';
import { sameSelecting } from './vary.ts';

/** An index names so many variants by their tags: enough to find what a request's fields alone tell apart. */
const mostTags = 8;

/** What makes up a tag's entry beyond this many characters is worth less than the room it takes in the index. */
const longestTag = 1024;

/** The tags of an index once a variant was stored; the very same array where that changes nothing. */
export function withTag(
  tags: readonly VariantTag[] | undefined,
  policy: Pick<ResponsePolicy, 'etag' | 'selecting' | 'credentials'>,
): readonly VariantTag[] | undefined {
  const { etag, selecting, credentials } = policy;
  const earlier = tags?.find((tag) => isFor(tag, policy));
  const isNamed = etag !== undefined && isStrong(etag) && isShort(etag, selecting);
  if (!isNamed) return earlier === undefined ? tags : tags?.filter((tag) => tag !== earlier);
  if (earlier?.etag === etag) return tags;
  const others = tags?.filter((tag) => tag !== earlier) ?? [];
  return [{ etag, selecting, credentials }, ...others].slice(0, mostTags);
}

/**
 * The tags that a request may name which selected none of the stored variants: a 304 then tells which of them it would
 * get (RFC 9111 §4.3.1).
 *
 * @param request - The values that the request has for the names that a variant was selected by.
 * @param credentials - The digest of its credentials; `undefined` when it has none.
 */
export function tagsToOffer(
  tags: readonly VariantTag[] | undefined,
  request: (names: readonly string[]) => readonly SelectingField[],
  credentials: () => string | undefined,
): readonly VariantTag[] {
  const offered = new Map<string, VariantTag>();
  for (const tag of tags ?? []) {
    if (tag.credentials !== null && tag.credentials !== credentials()) continue;
    const own = request(tag.selecting.map(([name]) => name));
    // One that its fields select is no longer there, or must not be used.
    if (sameSelecting(tag.selecting, own) || areKeptApart(tag.selecting, own)) continue;
    if (!offered.has(tag.etag)) offered.set(tag.etag, tag);
  }
  return [...offered.values()];
}

/** The field that names them (RFC 9110 §13.1.2); none when there is none. */
export function offerFields(tags: readonly VariantTag[]): FieldLines {
  return tags.length === 0 ? [] : [['If-None-Match', tags.map(({ etag }) => etag).join(', ')]];
}

/** Which of the variants that were named a 304 confirms (RFC 9111 §4.3.4): of several, only its own strong tag can tell. */
export function confirmedTag(tags: readonly VariantTag[], answer: ResponseHead): VariantTag | undefined {
  const etag = fieldValue(answer.headers, 'etag');
  if (etag === undefined) return tags.length === 1 ? tags[0] : undefined;
  return tags.find((tag) => tag.etag === etag);
}

/** RFC 9110 §8.8.3: only a strong tag tells variants apart; what has another form could be read as several. */
function isStrong(etag: string): boolean {
  return etag.startsWith('"') && entityTags(etag).length === 1;
}

function isShort(etag: string, selecting: readonly SelectingField[]): boolean {
  return etag.length + JSON.stringify(selecting).length <= longestTag;
}

function isFor(tag: VariantTag, policy: Pick<ResponsePolicy, 'selecting' | 'credentials'>): boolean {
  return tag.credentials === policy.credentials && sameSelecting(tag.selecting, policy.selecting);
}

/**
 * Servers are known to give one strong tag to what they send plain and compressed, so it does not tell which of both a
 * client can read. And what `cacheKey` keeps apart, the origin may not know of.
 */
function areKeptApart(selecting: readonly SelectingField[], own: readonly SelectingField[]): boolean {
  return selecting.some(
    ([name, value], at) => (name === 'accept-encoding' || name === suffixName) && own[at]?.[1] !== value,
  );
}
