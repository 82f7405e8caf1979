import { assertNever } from '../core/assert-never.ts';
import type { ForwardReason } from '../core/reuse-decision.ts';
import type { Found } from './variants.ts';

/** That nothing is stored for a request, see {@link Found}. */
export type NothingFound = Exclude<Found, { kind: 'stored' }>;

/** Why nothing stored answers a request, where nothing was found for it (RFC 9211 §2.2). */
export function missReason(found: NothingFound): ForwardReason {
  switch (found.kind) {
    case 'nothing':
      return 'uri-miss';
    case 'fault':
      return 'fault';
    case 'other':
      if (found.unused !== undefined) return 'miss';
      return found.index !== undefined && found.index.sets.length === 0 ? 'uri-miss' : 'vary-miss';
    default:
      return assertNever(found);
  }
}
