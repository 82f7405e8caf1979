import { defaultCredentialFields } from '../../core/credentials.ts';
import { percentDecoded } from './percent-decoded.ts';

/** Names of query parameters whose values are masked, and, with {@link secretFields}, of fields and members of metadata. */
export const secretNames: readonly string[] = [
  'access_token',
  'api_key',
  'api_token',
  'assertion',
  'auth',
  'auth_code',
  'auth_token',
  'authorization',
  'authorization_code',
  'bearer',
  'client_secret',
  'code',
  'code_verifier',
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
  'passcode',
  'passwd',
  'password',
  'private_token',
  'pin',
  'pwd',
  'refresh_token',
  'saml_response',
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
  'accesskey',
  'accesskeyid',
  'apikey',
  'authkey',
  'consumerkey',
  'passphrase',
  'password',
  'privatekey',
  'secret',
  'secretkey',
  'sessid',
  'sessionid',
  'sessionkey',
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

/** Which names are those of secrets. */
export interface SecretNames {
  /** Whether the value of a query parameter of this name, percent-encoded or not, is a secret, or a member of metadata. */
  readonly isSecret: (name: string) => boolean;
  /** Whether the value of a field of this name is one. */
  readonly isSecretField: (name: string) => boolean;
}

/** The names above and `more`. */
export function secretNamesWith(more: readonly string[]): SecretNames {
  const names = new Set([...secretNames, ...more].map(bareName));
  const fields = new Set([...secretFields, ...more].map(bareName));
  return {
    isSecret: (name) =>
      percentDecoded(name.replaceAll('+', ' '))
        .split(/[[\].]/)
        .map(bareName)
        .some((part) => names.has(part) || fields.has(part) || secretEnds.some((end) => part.endsWith(end))),
    isSecretField: (name) => fields.has(bareName(name)),
  };
}

/** Names are compared in lower case and without hyphens and underscores. */
function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}
