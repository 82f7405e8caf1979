import type { IncomingMessage } from 'node:http';

/**
 * Whether a response came from another URI than was asked for. follow-redirects, and what is modelled on it, says where
 * from; of anything else there is no telling.
 *
 * @param url - The target URI, without fragment and userinfo.
 */
export function wasRedirected(response: IncomingMessage, url: string): boolean {
  const responseUrl: unknown = Reflect.get(response, 'responseUrl');
  return typeof responseUrl === 'string' && responseUrl !== url && plainUri(responseUrl) !== plainUri(url);
}

function plainUri(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const url = new URL(uri);
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href;
}
