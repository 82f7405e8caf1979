import { assertNever } from '../core/assert-never.ts';
import { primaryKey } from '../core/cache-key.ts';
import type { RequestHead } from '../core/message.ts';
import { targetUri } from '../core/target-uri.ts';
import type { EngineContext } from './context.ts';
import { invalidate } from './invalidate.ts';
import { invalidateBelow } from './invalidate-below.ts';
import { invalidateGroup } from './invalidate-group.ts';
import type { ResolvedTarget } from './invalidation-target.ts';
import { markStale } from './mark-stale.ts';
import { requestKey } from './request-key.ts';

/** Invalidates what a caller named, or marks it as stale. */
export async function invalidateTarget(
  context: EngineContext,
  target: ResolvedTarget,
  isStale: boolean,
): Promise<void> {
  switch (target.kind) {
    case 'request':
      return invalidateRequest(context, target.request, isStale);
    case 'group':
      return invalidateGroup(context, target, isStale);
    case 'prefix':
      return invalidateBelow(context, target.prefix, isStale);
    default:
      return assertNever(target);
  }
}

async function invalidateRequest(
  context: EngineContext,
  request: RequestHead,
  isStale: boolean,
): Promise<void> {
  // A client may send, and have stored, a URL that is not in its normal form.
  const urls = new Set([request.url, targetUri(request.url)]);
  await Promise.all(
    [...urls].map(async (url) => {
      const primary = requestKey(context, { ...request, url })?.primary ?? primaryKey(url);
      await (isStale ? markStale(context, { primary, url }) : invalidate(context, primary, url));
    }),
  );
}
