import { targetUri } from './target-uri.ts';

/**
 * Whether a URL begins with a prefix, at a boundary of its parts: behind `http://a.test/users` may come the end, `/`, `?` or
 * `#`, and no more letters of a longer segment or host name.
 *
 * @param prefix - An absolute URL in its normal form.
 */
export function beginsWith(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const next = url.charAt(prefix.length);
  if (next === '' || prefix.endsWith('/')) return true;
  // Inside a query only the end of a parameter is a boundary.
  return prefix.includes('?') ? next === '&' || next === '#' : next === '/' || next === '?' || next === '#';
}

/** Whether a primary key, which may not be in the normal form of its URI, begins with a prefix as {@link beginsWith} says. */
export function isBelow(primary: string, prefix: string): boolean {
  return beginsWith(primary, prefix) || beginsWith(targetUri(primary), prefix);
}
