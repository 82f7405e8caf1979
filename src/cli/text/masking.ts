import { defaultCredentialFields } from '../../core/credentials.ts';
import type { JsonValue } from '../../core/message.ts';

/** What stands in the place of a secret. To `--url` it is a wildcard, so that a masked URL still finds what it was. */
export const MASK = '***';

/** Names of query parameters whose values are masked, and, with {@link secretFields}, of fields and members of metadata. */
export const secretNames: readonly string[] = [
  'access_key',
  'access_token',
  'api_key',
  'api_token',
  'assertion',
  'auth',
  'auth_key',
  'auth_token',
  'authorization',
  'bearer',
  'client_secret',
  'code',
  'credential',
  'credentials',
  'csrf',
  'csrf_token',
  'hmac',
  'id_token',
  'jwt',
  'key',
  'otp',
  'pass',
  'passwd',
  'password',
  'private_key',
  'private_token',
  'pwd',
  'refresh_token',
  'secret',
  'session',
  'session_id',
  'session_token',
  'sid',
  'sig',
  'sign',
  'signature',
  'subscription_key',
  'ticket',
  'token',
  'x-amz-credential',
  'x-amz-security-token',
  'x-amz-signature',
  'x-goog-credential',
  'x-goog-signature',
];

/** What the names of other secrets end in. */
const secretEnds: readonly string[] = [
  'apikey',
  'passphrase',
  'password',
  'secret',
  'secretkey',
  'sessid',
  'sessionid',
  'signature',
  'token',
];

const secretFields: readonly string[] = [
  ...defaultCredentialFields,
  'authentication-info',
  'cookie',
  'proxy-authentication-info',
  'x-csrf-token',
  'x-xsrf-token',
];

/** Takes secrets out of what is printed. */
export interface Masker {
  /** A URL: its userinfo, and the values of secret query parameters. */
  url(url: string): string;
  /** Any text, in which there may be URLs. */
  text(text: string): string;
  /** The value of a header field, or of a request field that selects. */
  field(name: string, value: string): string;
  /** Metadata. */
  json(value: JsonValue): JsonValue;
}

const unchanged: Masker = {
  url: (url) => url,
  text: (text) => text,
  field: (_name, value) => value,
  json: (value) => value,
};

/** Makes what takes secrets out, by the names above and `more`. With `showSecrets` all stays as it is. */
export function makeMasker(options: {
  readonly more: readonly string[];
  readonly showSecrets: boolean;
}): Masker {
  if (options.showSecrets) return unchanged;
  const names = new Set([...secretNames, ...options.more].map(bareName));
  const fields = new Set([...secretFields, ...options.more].map(bareName));
  const isSecret = (name: string): boolean =>
    decoded(name)
      .split(/[[\].]/)
      .map(bareName)
      .some((part) => names.has(part) || fields.has(part) || secretEnds.some((end) => part.endsWith(end)));
  const text = (text: string): string => maskText(text, isSecret);
  const json = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return value.map(json);
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, isSecret(name) ? MASK : json(member)]),
    );
  };
  return {
    url: (url) => maskUrl(url, isSecret),
    text,
    field: (name, value) => {
      if (/^set-cookie2?$/i.test(name)) return value.replace(/^([^=;]*=)?[^;]*/, `$1${MASK}`);
      return fields.has(bareName(name)) ? MASK : text(value);
    },
    json,
  };
}

type IsSecret = (name: string) => boolean;

function maskUrl(url: string, isSecret: IsSecret): string {
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${MASK}@`);
  const [path = ''] = withoutUser.split(/[?#]/, 1);
  // Keeps the separators, at the odd places.
  const parts = withoutUser.slice(path.length).split(/([?&#])/);
  const maskedPath = path.replaceAll(/;([^;=/]+)=[^;/]*/g, (whole: string, name: string) =>
    isSecret(name) ? `;${name}=${MASK}` : whole,
  );
  return maskedPath + parts.map((part, at) => (at % 2 === 0 ? maskParameter(part, isSecret) : part)).join('');
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
  return parameter;
}

function maskText(text: string, isSecret: IsSecret): string {
  return text
    .replaceAll(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>]*@/gi, `$1${MASK}@`)
    .replaceAll(
      /([?&#])([^\s?&#"'<>]+)/g,
      (_whole, separator: string, parameter: string) => separator + maskParameter(parameter, isSecret),
    );
}

/** Names are compared in lower case and without hyphens and underscores. */
function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
