import { percentDecoded } from './percent-decoded.ts';

/** What stands in the place of a secret. To `--url` it is a wildcard, so that a masked URL still finds what it was. */
export const MASK = '***';

/** So often something may be encoded inside of what is encoded; what is beyond that is taken for a secret. */
const MOST_ENCODINGS = 8;

/** Whether the value of a query parameter of this name is a secret. */
export type IsSecret = (name: string) => boolean;

/** Masks the secrets of a URL, and of what is percent-encoded in it. */
export function maskUrl(url: string, isSecret: IsSecret): string {
  const [path = ''] = url.split(/[?#]/, 1);
  // Keeps the separators, at the odd places.
  const parts = url.slice(path.length).split(/([?&#])/);
  return (
    maskPath(path, isSecret) +
    parts.map((part, at) => (at % 2 === 0 ? maskParameter(part, isSecret) : part)).join('')
  );
}

/** Masks the secrets of the URLs in a text. */
export function maskText(text: string, isSecret: IsSecret): string {
  return maskUserinfo(text)
    .replaceAll(
      /([?&#])([^\s?&#"'<>]+)/g,
      (_whole, separator: string, parameter: string) => separator + maskParameter(parameter, isSecret),
    )
    .replaceAll(/[^\s/?&#=;"'<>]+/g, (segment) => (hidesSecret(segment, isSecret) ? MASK : segment));
}

function maskPath(path: string, isSecret: IsSecret): string {
  const masked = maskUserinfo(path.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, `$1${MASK}@`))
    .split('/')
    .map((segment) =>
      hidesSecret(segment, isSecret)
        ? MASK
        : segment.replaceAll(/;([^;=]+)=[^;]*/g, (whole, name: string) =>
            isSecret(name) ? `;${name}=${MASK}` : whole,
          ),
    )
    .join('/');
  return hidesSecret(masked, isSecret) ? MASK : masked;
}

/** Some servers take a semicolon for an ampersand; in the value of a secret it ends nothing. */
function maskParameter(parameter: string, isSecret: IsSecret): string {
  const parts = parameter.split(';');
  for (const [at, part] of parts.entries()) {
    const [name = ''] = part.split('=', 1);
    if (name.length < part.length && isSecret(name)) {
      return [...parts.slice(0, at), `${name}=${MASK}`].join(';');
    }
  }
  if (!hidesSecret(parameter, isSecret)) return maskUserinfo(parameter);
  const [name = ''] = parameter.split('=', 1);
  return hidesSecret(name, isSecret) || name === parameter ? MASK : `${name}=${MASK}`;
}

/** Whether there is a secret in what is percent-encoded in a text, such as a URL in a parameter of another. */
function hidesSecret(text: string, isSecret: IsSecret): boolean {
  let encoded = text;
  for (let times = 0; times < MOST_ENCODINGS; times++) {
    const decoded = percentDecoded(encoded);
    if (decoded === encoded) return false;
    // As that of a URL, whether it is one or not.
    const query = `&${decoded}`;
    if (maskPlain(query, isSecret) !== query || hasSecretMember(decoded, isSecret)) return true;
    encoded = decoded;
  }
  return true;
}

/** Whether a text has a JSON object with a secret in it, as GraphQL has its variables in a URL. */
function hasSecretMember(text: string, isSecret: IsSecret): boolean {
  return [...text.matchAll(/"([^"]*)"\s*:/g)].some(([, name = '']) => isSecret(name));
}

/** As {@link maskText}, but for what is percent-encoded. */
function maskPlain(text: string, isSecret: IsSecret): string {
  return maskUserinfo(text).replaceAll(
    /([?&#;])([^?&#;=]+)=[^?&#;]*/g,
    (whole, separator: string, name: string) => (isSecret(name) ? `${separator}${name}=${MASK}` : whole),
  );
}

function maskUserinfo(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>]*@/gi, `$1${MASK}@`);
}
