import { assertNever } from '../core/assert-never.ts';
import { currentAgeMs, freshnessLifetimeMs } from '../core/freshness.ts';
import type { JsonValue } from '../core/message.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import type { CacheRules } from '../core/rules.ts';
import type { Admission } from './admission.ts';
import { infoWithoutResponse, type CacheInfo } from './cache-info.ts';
import type { Forwarding } from './forwarding.ts';

/** What is to be said of a request that the origin answered. */
export function missInfo(
  { reason, slot, mode, rules }: Pick<Forwarding, 'reason' | 'slot' | 'mode' | 'rules'>,
  admission: Admission,
  asked: Pick<CacheInfo, 'revalidated' | 'forwardStatus'>,
): CacheInfo {
  const info = {
    ...infoWithoutResponse({ outcome: 'miss', reason, key: slot, mode }),
    ...asked,
  };
  switch (admission.kind) {
    case 'admitted': {
      const { policy, placement, head } = admission.incoming;
      return { ...info, ...held(rules, policy, head.metadata), key: placement.key, stored: true };
    }
    case 'freshened': {
      const { key, policy, metadata, isKept } = admission;
      return { ...info, ...held(rules, policy, metadata), key, stored: isKept };
    }
    case 'refused':
      return { ...info, notStored: admission.reason };
    default:
      return assertNever(admission);
  }
}

function held(
  rules: CacheRules,
  policy: ResponsePolicy,
  metadata: JsonValue | undefined,
): Pick<CacheInfo, 'ageMs' | 'freshForMs' | 'metadata'> {
  const ageMs = currentAgeMs(policy, policy.responseTime);
  return { ageMs, freshForMs: freshnessLifetimeMs(policy, rules) - ageMs, metadata };
}
