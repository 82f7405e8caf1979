import { fieldValues } from './fields.ts';
import type { RequestHead, ResponseHead } from './message.ts';
import { targetUri } from './target-uri.ts';

/** The methods that IANA's registry calls safe (RFC 9110 §9.2.1, §16.1). */
const safeMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'PROPFIND',
  'QUERY',
  'REPORT',
  'SEARCH',
  'TRACE',
]);

/** Whether a method may change what is stored: every one that is not known to be safe (RFC 9111 §4.4). */
export function isUnsafe(method: string): boolean {
  return !safeMethods.has(method);
}

/**
 * The target URIs that an unsafe request invalidates (RFC 9111 §4.4): its own, and those of the same origin that
 * `Location` and `Content-Location` name. None when the method is safe, or the response is an error.
 */
export function invalidatedUris(request: RequestHead, response: ResponseHead): string[] {
  if (!isUnsafe(request.method) || response.status < 200 || response.status >= 400) return [];
  const target = targetUri(request.url);
  const uris = new Set([target]);
  for (const name of ['location', 'content-location']) {
    for (const reference of fieldValues(response.headers, name)) {
      const uri = sameOriginUri(reference, target);
      if (uri !== undefined) uris.add(uri);
    }
  }
  return [...uris];
}

/** §4.4: another origin's responses must not be invalidated, or anyone could empty anyone's cache. */
function sameOriginUri(reference: string, base: string): string | undefined {
  if (!URL.canParse(reference, base)) return undefined;
  const url = new URL(reference, base);
  const { origin, protocol } = new URL(base);
  // A `blob:` URL has the origin of the URL inside it.
  return url.origin === origin && url.protocol === protocol ? targetUri(url) : undefined;
}
