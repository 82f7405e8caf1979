import { cacheStatusValue } from '../core/cache-status.ts';
import { hasField } from '../core/fields.ts';
import type { FieldLine, FieldLines, ResponseHead } from '../core/message.ts';
import type { ForwardReason } from '../core/reuse-decision.ts';
import type { CacheInfo } from './cache-info.ts';
import type { EngineContext } from './context.ts';

/**
 * The fields that tell what the cache did, where the option `cacheStatusHeaders` asks for them: our member of
 * `Cache-Status` (RFC 9211) behind the origin's, and `x-cache` and `x-cache-lookup` where the origin has none of its own.
 *
 * @param forwardReason - Why the origin was asked, where a stored response answers all the same.
 */
export function statusFields(
  context: EngineContext,
  head: ResponseHead,
  info: CacheInfo,
  forwardReason: ForwardReason = 'stale',
): FieldLines {
  if (!context.options.cacheStatusHeaders) return [];
  const fields: FieldLine[] = [['Cache-Status', cacheStatusValue({ ...info, forwardReason })]];
  const answered = info.outcome === 'hit' || info.outcome === 'stale' || info.outcome === 'revalidated';
  const found =
    answered || (info.outcome === 'miss' && info.reason !== 'uri-miss' && info.reason !== 'vary-miss');
  if (!hasField(head.headers, 'x-cache')) fields.push(['X-Cache', answered ? 'HIT' : 'MISS']);
  if (!hasField(head.headers, 'x-cache-lookup')) fields.push(['X-Cache-Lookup', found ? 'HIT' : 'MISS']);
  return fields;
}

/** A response's head with those fields added. */
export function withStatusFields(context: EngineContext, head: ResponseHead, info: CacheInfo): ResponseHead {
  const fields = statusFields(context, head, info);
  return fields.length === 0 ? head : { ...head, headers: [...head.headers, ...fields] };
}
