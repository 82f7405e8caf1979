import { isDeepStrictEqual } from 'node:util';
import type { HttpResponseHead } from '../../../../src/core/message.ts';
import type { CachePolicy, ResponsePolicy } from '../../../../src/core/policy-types.ts';
import { sampleHead, samplePolicy } from '../../samples.ts';
import { hashOf, Random } from './random.ts';

/*
 * Responses that tell what they are: head, policy and each word of the body follow from the key, the put that stored them
 * and the update that they had last. So whoever reads one can tell whether all of it belongs together.
 */

/** Which response it is. */
export interface Told {
  readonly key: string;
  /** Name of the put that stored it, which no other put has. */
  readonly put: string;
  /** Name of its last update; empty for none. */
  readonly update: string;
}

/** Bodies that several keys have in common. */
const SHARED_BODIES = 12;

const KIB = 1024;

/** The head that tells of a response. */
export function toldHead({ key, put, update }: Told): HttpResponseHead {
  const head = sampleHead(`http://origin.test/${key}`);
  // Of few lengths, so that the entry files of different puts are often of one size.
  const padding = 'p'.repeat(200 * (hashOf(`${put} ${update}`) % 3));
  return {
    ...head,
    statusText: `${key} ${put} ${update}`,
    headers: [...head.headers, ['X-Put', put], ['X-Update', update], ['X-Padding', padding]],
  };
}

/** The policy that tells of a response. */
export function toldPolicy({ key, put, update }: Told): ResponsePolicy {
  return { ...samplePolicy(`${key} ${put} ${update}`), etag: `"${put}"` };
}

/** What a stored response tells of itself; text says what does not belong together. */
export function toldBy(
  cacheKey: string,
  { head, policy }: { readonly head: HttpResponseHead; readonly policy: CachePolicy },
): Told | string {
  const [key = '', put = '', update = ''] = head.statusText.split(' ');
  const told = { key, put, update };
  if (key !== cacheKey) return `${cacheKey} has the head of ${head.statusText}`;
  if (!isDeepStrictEqual(head, toldHead(told)))
    return `${cacheKey} has a mixed head: ${JSON.stringify(head)}`;
  if (isDeepStrictEqual(policy, toldPolicy(told))) return told;
  return `${head.statusText} has the policy of ${policy.id}`;
}

/** Length of the body of a put: nothing, little, about a limit of the store, or up to 2 MB. */
export function bodyLength(key: string, put: string): number {
  const random = new Random(hashOf(contentName(key, put)));
  const limit = random.pick([4 * KIB, 32 * KIB, 128 * KIB, 256 * KIB, 512 * KIB]);
  switch (random.below(8)) {
    case 0:
      return 0;
    case 1:
    case 2:
      return random.below(300);
    case 3:
      return random.below(32 * KIB);
    case 4:
      return limit - 1 + random.below(3);
    case 5:
    case 6:
      return random.below(300 * KIB);
    default:
      return random.chance(0.5) ? random.below(2_000_000) : random.below(100 * KIB);
  }
}

/** The body of a put. */
export function bodyOf(key: string, put: string): Buffer {
  const seed = hashOf(contentName(key, put));
  const words = new Uint32Array(Math.ceil(bodyLength(key, put) / 4));
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at + 1, 0x9e3779b1) ^ seed;
  return Buffer.from(words.buffer, 0, bodyLength(key, put));
}

/** A third of the puts have one of a few bodies, whatever their key. */
function contentName(key: string, put: string): string {
  const hash = hashOf(put);
  return hash % 3 === 0 ? `shared ${hash % SHARED_BODIES}` : `${key} ${put}`;
}
