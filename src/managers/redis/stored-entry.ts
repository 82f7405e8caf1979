import { randomBytes } from 'node:crypto';
import type { FieldLines, HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { HttpCacheError } from '../../errors.ts';

/** Bodies up to this are kept with their entry, larger ones in chunks of it. Part of the format. */
export const CHUNK_SIZE: number = 256 * 1024;

/** How many chunks a body of so many bytes has. */
export function chunksOf(size: number): number {
  return Math.ceil(size / CHUNK_SIZE);
}

/** A revision of an entry, and where its body is: with the entry, or under a revision of its own. */
export interface Revision {
  /** Identity of this revision, with all that is said here. */
  readonly token: string;
  /** Length of the body in bytes. */
  readonly size: number;
  /** Name of the body where it has a key of its own. */
  readonly body: string | undefined;
}

/** A random name. */
export function newName(): string {
  return randomBytes(12).toString('base64url');
}

/** A new revision with a body of so many bytes. */
export function newRevision(size: number, body: string | undefined): Revision {
  const token = body === undefined ? `${newName()}.${size}` : `${newName()}.${size}.${body}`;
  return { token, size, body };
}

/** What a token says; `undefined` where it is none. */
export function readRevision(token: string): Revision | undefined {
  const [id, length, body, ...more] = token.split('.');
  const size = Number(length);
  if (id === undefined || !Number.isSafeInteger(size) || size < 0 || more.length > 0) return undefined;
  return { token, size, body };
}

/** What is kept beside a body. */
export interface Metadata {
  /** The key it is stored under. */
  readonly cacheKey: string;
  /** The response without its body. */
  readonly head: HttpResponseHead;
  /** Its policy. */
  readonly policy: CachePolicy;
  /** When this was written, in milliseconds since 1970 by the clock of who did. */
  readonly at: number;
}

/** Metadata as text. */
export function writeMetadata(cacheKey: string, head: HttpResponseHead, policy: CachePolicy): string {
  const metadata: Metadata = { cacheKey, head, policy, at: Date.now() };
  return JSON.stringify(metadata);
}

/** The same with a trailer section. */
export function withTrailers(text: string, trailers: FieldLines | undefined): string {
  if (trailers === undefined) return text;
  const metadata = readMetadata(text);
  return JSON.stringify({ ...metadata, head: { ...metadata.head, trailers } });
}

/**
 * Metadata from text.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_CORRUPT_ENTRY` when it is none.
 */
export function readMetadata(text: string): Metadata {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw damaged(error);
  }
  if (isMetadata(parsed)) return parsed;
  throw damaged();
}

/** What is in the store is not what was stored. */
export function damaged(cause?: unknown): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_CORRUPT_ENTRY',
    'What Redis has of an entry is damaged or not all there: it counts as absent',
    { cause },
  );
}

/** The engine looks at head and policy itself. */
function isMetadata(value: unknown): value is Metadata {
  return (
    isRecord(value) &&
    typeof value['cacheKey'] === 'string' &&
    isRecord(value['head']) &&
    isRecord(value['policy'])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
