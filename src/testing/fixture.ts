import { headKey, suffixName, variantKey } from '../core/cache-key.ts';
import { defaultCredentialFields } from '../core/credentials.ts';
import { fieldValue } from '../core/fields.ts';
import { parseHttpDate } from '../core/http-date.ts';
import type { HttpResponseHead } from '../core/message.ts';
import type { ResponsePolicy, SelectingField } from '../core/policy-types.ts';
import { createPolicy } from '../core/policy.ts';
import type { CacheRules } from '../core/rules.ts';

/** One recorded answer. */
export interface Fixture {
  /** The request's method. */
  readonly method: string;
  /** The target URI, or the one that the option `cacheKey` puts in its place. */
  readonly url: string;
  /** The request fields that tell it apart from other answers for the URI. */
  readonly selecting: readonly SelectingField[];
  readonly head: HttpResponseHead;
  readonly body: Uint8Array;
}

/** What asks, not what is asked for: it differs between machines, users and versions of the clients. */
const ofWhoAsks: ReadonlySet<string> = new Set([
  'accept-encoding',
  'cookie',
  'origin',
  'referer',
  'user-agent',
  ...defaultCredentialFields,
]);

/** What the engine puts in the place of credentials, by any name. */
const digest = /^[\w-]{43}$/;

/** Of the request fields that selected an answer those that matter to a test. */
export function tellingFields(selecting: readonly SelectingField[]): readonly SelectingField[] {
  return selecting.filter(
    ([name, value]) => name === suffixName || !(ofWhoAsks.has(name) || digest.test(value ?? '')),
  );
}

/** The key at which everything lies that may answer the request of a fixture. */
export function slotOf({ method, url }: Pick<Fixture, 'method' | 'url'>): string {
  return method === 'HEAD' ? headKey(url) : url;
}

/** The key of a fixture among several for its slot. */
export function keyInEpoch(fixture: Fixture, epoch: string): string {
  return variantKey(slotOf(fixture), epoch, fixture.selecting, null);
}

/** Later than any clock: what lies there has the age that it came with, and nothing invalidates it. */
const never = 8.64e15;

const rules: CacheRules = {
  shared: false,
  heuristic: 0.1,
  minTtl: undefined,
  maxTtl: undefined,
  defaultTtl: undefined,
  errorTtl: undefined,
  maxStaleIfDisconnected: 0,
  setCookie: 'keep',
  targetedCacheControl: [],
  immutable: true,
};

/** The policy that goes with a fixture: for anybody, and the same in each run. */
export function policyOf(fixture: Fixture, { id, epoch }: Record<'id' | 'epoch', string>): ResponsePolicy {
  const { method, url, selecting, head } = fixture;
  // Its own Date, or it would have an age from then on.
  const time = parseHttpDate(fieldValue(head.headers, 'date') ?? '', 0) ?? 0;
  const policy = createPolicy({
    id,
    epoch,
    request: { method, url, headers: [] },
    byBody: selecting.some(([name]) => name === suffixName),
    response: head,
    requestTime: time,
    responseTime: time,
    selecting,
    credentials: null,
    rules,
  });
  return { ...policy, requestTime: never, responseTime: never };
}
