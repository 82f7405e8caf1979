import { HttpCacheError } from '../../errors.ts';

/** A reply that holds bytes, or nothing. */
export function bytesOf(reply: unknown): Buffer | undefined {
  if (reply === null || reply === undefined) return undefined;
  if (Buffer.isBuffer(reply)) return reply;
  if (typeof reply === 'string') return Buffer.from(reply);
  throw unexpected(reply);
}

/** A reply that holds text, or nothing. */
export function textOf(reply: unknown): string | undefined {
  return bytesOf(reply)?.toString();
}

/** A reply that holds a whole number. */
export function numberOf(reply: unknown): number {
  const number = Number(Buffer.isBuffer(reply) ? reply.toString() : reply);
  if (!Number.isSafeInteger(number)) throw unexpected(reply);
  return number;
}

/** A reply that holds several others. */
export function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw unexpected(reply);
}

function unexpected(reply: unknown): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `Redis answered with ${Object.prototype.toString.call(reply)}, which no server gives to what was asked: check what stands between`,
  );
}
