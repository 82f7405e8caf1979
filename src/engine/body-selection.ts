import { createHash } from 'node:crypto';
import { mayBeGraphqlWrite, mayBeGraphqlWriteInQuery } from '../core/graphql.ts';
import { fieldValue } from '../core/fields.ts';
import type { RequestHead } from '../core/message.ts';
import { hasConditional } from '../core/validation.ts';
import { bodyMethods } from './body-methods.ts';
import type { EngineContext } from './context.ts';
import { fieldToStandAsideFor } from './field-to-stand-aside-for.ts';
import type { RequestOptions } from './request-options.ts';

/** Whether the caller, or the option `byBody`, says that responses to a request are kept by its body. */
export function isByBody(
  context: EngineContext,
  request: RequestHead,
  options: RequestOptions | false | undefined,
): boolean {
  const method = bodyMethods.find((one) => one === request.method);
  if (method === undefined || options === false) return false;
  if (options?.byBody !== undefined) return options.byBody;
  const { byBody } = context.options;
  if (byBody === undefined) return false;
  if (typeof byBody !== 'function') return byBody.includes(method);
  return context.callback('byBody', () => byBody(request) === true) ?? false;
}

/** A field of a form by which frameworks take another method than the request's own. */
const formMethod = /(?:^|&|\bname="?)_method\b/;

/** Whether a request with this body may be answered by what is stored: it changes nothing, and has no condition of its own. */
export function mayBeLookedUpByBody(request: RequestHead, body: Uint8Array): boolean {
  const { url, headers } = request;
  if (fieldToStandAsideFor(request) === 'override') return false;
  // RFC 9110 §13.2: with other methods than GET and HEAD a condition is for the origin.
  if (hasConditional(headers) || fieldValue(headers, 'range') !== undefined) return false;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const contentType = fieldValue(headers, 'content-type') ?? '';
  // What is encoded cannot be looked into.
  if (fieldValue(headers, 'content-encoding') !== undefined) return false;
  const { pathname, searchParams } = new URL(url);
  if (searchParams.has('_method') || formMethod.test(text)) return false;
  return !mayBeGraphqlWriteInQuery(searchParams) && !mayBeGraphqlWrite(text, contentType, pathname);
}

/** What tells requests of one target URI apart that have bodies; it holds a digest of the body, and no more of it. */
export function bodySuffix(
  { method, headers }: RequestHead,
  body: Uint8Array,
  suffix: string | undefined,
): string {
  const digest = createHash('sha256').update(body).digest('base64url');
  return JSON.stringify([method, fieldValue(headers, 'content-type') ?? null, digest, suffix ?? null]);
}
