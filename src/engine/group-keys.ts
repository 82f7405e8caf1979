import { groupsOf, tagKey } from '../core/cache-groups.ts';
import type { ResponseHead } from '../core/message.ts';
import type { ResponsePolicy, StoredGroup } from '../core/policy-types.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { checkTags } from './check-tags.ts';
import type { EngineContext } from './context.ts';
import type { CacheableRequest } from './exchange.ts';
import type { Flight } from './flights.ts';
import { andThen } from './maybe-promise.ts';
import { failed } from './store.ts';

/** More than any response is in by itself: one that is asked for with ever new tags does not collect them without end. */
const mostGroups = 160;

const none: readonly string[] = [];

/**
 * The keys of the groups that a response is in: its tags, which the request and the option `tags` give, and what its own
 * `Cache-Groups` names (RFC 9875 §2). `undefined` when the option failed.
 */
export function groupKeys(
  context: EngineContext,
  request: CacheableRequest,
  response: ResponseHead,
): readonly string[] | undefined {
  const { tags } = context.options;
  const groups = groupsOf(request, response);
  const asked = request.options === false ? undefined : request.options?.tags;
  if (tags === undefined && asked === undefined) return groups.length === 0 ? none : groups;
  const given =
    tags === undefined
      ? none
      : context.callback('tags', () => checkTags(tags(request, response), 'What it gave') ?? none);
  return given && [...new Set([...(asked ?? none), ...given].map(tagKey)), ...groups];
}

/** What a confirmed response remembers of its groups: those that it was in, and those that it is in by now. */
export function regroup(
  context: EngineContext,
  {
    request,
    flight,
    kept,
  }: {
    readonly request: CacheableRequest;
    readonly flight: Flight;
    readonly kept: readonly StoredGroup[];
  },
  { head, policy }: { readonly head: ResponseHead; readonly policy: ResponsePolicy },
): MaybePromise<ResponsePolicy | 'invalidated' | 'unchanged'> {
  const own = groupKeys(context, request, head);
  if (own?.length === 0 && kept.length === 0) return policy;
  const keys = [...new Set([...kept.map(([key]) => key), ...(own ?? none)])];
  if (own === undefined || keys.length > mostGroups) return 'invalidated';
  flight.groups = keys;
  return andThen(context.groups.join(keys, flight), (groups) => {
    if (groups === failed || groups === 'invalidated') return 'unchanged';
    const isKept = kept.every(([name, epoch]) => groups.some(([key, now]) => key === name && now === epoch));
    return isKept ? { ...policy, groups } : 'unchanged';
  });
}
