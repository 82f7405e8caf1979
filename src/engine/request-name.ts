import type { RequestHead } from '../core/message.ts';
import { targetUri } from '../core/target-uri.ts';
import { show } from './check-option.ts';

/** Names a request: a URL for a GET of it, or its head. */
export type RequestName = string | URL | (Pick<RequestHead, 'url'> & Partial<RequestHead>);

/** Names a request with the body that it is looked up by; see the option `byBody`. */
export type NamedRequestWithBody = Exclude<RequestName, string | URL> & {
  /** The body, as it is sent. */
  readonly body: string | Uint8Array;
};

/**
 * The head of a request that was named, without the fragment of its URL.
 *
 * @throws TypeError for what is not an absolute http or https URL, or for headers that are no list.
 */
export function headOf(request: RequestName): RequestHead {
  if (typeof request !== 'string' && Object(request) !== request) {
    throw new TypeError(
      `The request is ${show(request)}: give an absolute http: or https: URL, or a request head with one`,
    );
  }
  const named = typeof request === 'string' || request instanceof URL ? { url: String(request) } : request;
  const { method = 'GET', headers = [] } = named;
  if (!Array.isArray(headers)) {
    throw new TypeError('The headers of a request are an object: give a list of [name, value] pairs');
  }
  const head = { method, headers, url: named.url };
  targetUri(head.url);
  const [url = ''] = head.url.split('#', 1);
  return { ...head, url };
}

/** The body of a request that was named with one. */
export function bodyOf(request: RequestName): Uint8Array | undefined {
  if (typeof request === 'string' || request instanceof URL) return undefined;
  const body: unknown = Reflect.get(request, 'body');
  return typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : undefined;
}
