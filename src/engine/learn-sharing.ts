import { assertNever } from '../core/assert-never.ts';
import type { ResponseHead } from '../core/message.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import { isEndless } from '../core/sharing.ts';
import type { StorageRefusal } from '../core/storage-decision.ts';
import { decideFor } from './asking.ts';
import type { EngineContext } from './context.ts';
import type { Forwarding } from './forwarding.ts';

/**
 * Whether a response may answer other requests like the one it came for, too (RFC 9111 §4: where it could be reused for
 * them). It is remembered, so that the next requests do not wait in vain.
 */
export function learnSharing(
  context: EngineContext,
  forwarding: Forwarding,
  { head, policy }: { readonly head: ResponseHead; readonly policy: ResponsePolicy },
): boolean {
  const { sharingKey, request } = forwarding;
  if (sharingKey === undefined) return false;
  // By what the response says: what this request asks for is not what the next one does.
  const plain = { ...forwarding, request: { ...request, headers: [] } };
  const isShareable = decideFor(context, plain, policy).kind === 'use-stored' && !isEndless(head.headers);
  context.collapsing.memory.learn(sharingKey, isShareable, context.now());
  return isShareable;
}

/** Remembers that a response was not even stored, where that is likely to be so for the next one. */
export function learnRefusal(
  context: EngineContext,
  { sharingKey }: Forwarding,
  reason: StorageRefusal,
): void {
  if (sharingKey === undefined) return;
  switch (reason) {
    case 'method':
    case 'status':
    case 'request-no-store':
    case 'response-no-store':
    case 'private':
    case 'authorization':
    case 'credentials':
    case 'vary':
    case 'not-reusable':
    case 'partial':
    case 'too-large':
    case 'mode':
    case 'upgraded':
      context.collapsing.memory.learn(sharingKey, false, context.now());
      break;
    case 'incomplete':
    case 'invalidated':
    case 'redirected':
    case 'declined':
    case 'fault':
      break;
    default:
      assertNever(reason);
  }
}
