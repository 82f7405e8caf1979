import { fieldValues } from './fields.ts';
import type { RequestHead, ResponseHead } from './message.ts';
import { targetUri } from './target-uri.ts';

/**
 * Whether the answer to a POST says that it is what a GET of the same target URI would get (RFC 9110 §8.7, §9.3.3): a 200
 * whose `Content-Location` is the target URI.
 */
export function describesTarget(request: RequestHead, response: ResponseHead): boolean {
  if (request.method !== 'POST' || response.status !== 200) return false;
  const [location, second] = fieldValues(response.headers, 'content-location');
  if (location === undefined || second !== undefined || !URL.canParse(location, request.url)) return false;
  return new URL(location, request.url).href === targetUri(request.url);
}
