import type { FieldLines } from './message.ts';

/** Which parts of a request tell who asks. A response to a request that carries some is for the same ones only. */
export interface CredentialRules {
  /** Names of fields that carry credentials, in lower case. `Cookie` is ruled by `cookies` instead. */
  readonly fields: readonly string[];
  /** Which cookies are credentials: all, those with these names, or none. */
  readonly cookies: 'all' | readonly string[] | false;
}

/**
 * The fields that carry credentials by default: those of RFC 9110 §11, and the names that widely used APIs and gateways
 * take keys and tokens under.
 */
export const defaultCredentialFields: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'api-key',
  'apikey',
  'x-api-key',
  'x-apikey',
  'x-api-token',
  'x-auth-key',
  'x-auth-token',
  'x-access-token',
  'x-token',
  'access-token',
  'auth-token',
  'token',
  'x-session-token',
  'x-amz-security-token',
  'x-goog-api-key',
  'x-functions-key',
  'x-shopify-access-token',
  'x-vault-token',
  'ocp-apim-subscription-key',
  'private-token',
  'job-token',
];

/** Credentials by default: {@link defaultCredentialFields} and every cookie. */
export const defaultCredentialRules: CredentialRules = { fields: defaultCredentialFields, cookies: 'all' };

/**
 * The credentials of a request as one text, the same for the same credentials and for no others; `undefined` when there
 * are none. The text is a secret: it is to be digested, never stored or shown.
 *
 * @param identity - Who asks beyond what the fields say, such as a client certificate.
 */
export function credentialText(
  headers: FieldLines,
  rules: CredentialRules,
  identity?: string,
): string | undefined {
  const found: [name: string, value: string][] = [];
  for (const [name, value] of headers) {
    const lowerName = name.toLowerCase();
    if (lowerName === 'cookie') found.push(...cookieCredentials(value, rules.cookies));
    else if (rules.fields.includes(lowerName)) found.push([lowerName, value.trim()]);
  }
  if (identity === undefined && found.length === 0) return undefined;
  // The sort is stable: of one name the order stays, and that of different names means nothing.
  found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([identity ?? null, found]);
}

function cookieCredentials(value: string, cookies: CredentialRules['cookies']): [string, string][] {
  if (cookies === false) return [];
  const found: [string, string][] = [];
  for (const part of value.split(';')) {
    const pair = part.trim();
    if (pair === '') continue;
    const name = (pair.split('=', 1)[0] ?? '').trim();
    if (cookies === 'all' || cookies.includes(name)) found.push([`cookie ${name}`, pair]);
  }
  return found;
}
