/**
 * What `new URL` would give back unchanged: lower-case scheme and host, a host that is a plain name or loopback,
 * no default port, no dot segments, and only characters that are never encoded.
 */
const alreadySerialised =
  /^https?:\/\/(?:(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)*[a-z][a-z0-9]*|127\.0\.0\.1)(?!:(?:80|443)\/)(?::(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}))?\/[\w~!$&()*+,;=:@%./-]*(?:\?[\w~!$&()*+,;=:@%./?-]*)?$/;

const dotSegment = /\/(?:\.|%2e)/i;

/**
 * The target URI of a request (RFC 9110 §7.1) as the cache knows it: serialised by the WHATWG rules, without fragment
 * and userinfo. Beyond that nothing is normalised, as two URIs that differ may name different resources.
 *
 * @throws TypeError for what is not an absolute `http:` or `https:` URL.
 */
export function targetUri(url: string | URL): string {
  if (typeof url === 'string' && alreadySerialised.test(url) && !dotSegment.test(url)) return url;
  const parsed = parse(url);
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new TypeError(`Cannot cache "${String(url)}": give an absolute http: or https: URL`);
  }
  parsed.username = '';
  parsed.password = '';
  parsed.hash = '';
  return parsed.href;
}

function parse(url: string | URL): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
