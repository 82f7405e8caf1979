import type { IndexPolicy, ResponsePolicy } from './policy-types.ts';

/** A policy that counts as stale from a time on, in milliseconds since 1970. */
export function staleFrom(policy: ResponsePolicy, time: number): ResponsePolicy {
  return { ...policy, staleSince: Math.min(policy.staleSince ?? Infinity, time) };
}

/** A policy as it counts under the index that leads to its response: what that says is for those stored before. */
export function underIndex(
  policy: ResponsePolicy,
  index: IndexPolicy | undefined,
  now: () => number,
): ResponsePolicy {
  const staleSince = index?.staleSince;
  return staleSince === undefined || staleSince === policy.indexStaleSince
    ? policy
    : // Two marks of one tick are told apart by the second one being ahead of the clock.
      staleFrom(policy, Math.min(staleSince, now()));
}

/**
 * A policy as it counts by the records of its groups, in their order; `undefined` where one of them was invalidated, or has
 * no record any more.
 */
export function underGroups(
  policy: ResponsePolicy,
  records: readonly (IndexPolicy | undefined)[],
): ResponsePolicy | undefined {
  let counting = policy;
  for (const [at, [, epoch, id]] of (policy.groups ?? []).entries()) {
    const record = records[at];
    if (record?.epoch !== epoch) return undefined;
    if (record.id !== id) counting = staleFrom(counting, record.staleSince ?? policy.responseTime);
  }
  return counting;
}
