import { defaultCredentialFields, type CredentialRules } from '../core/credentials.ts';
import { checkKnown, checkNames, checkObject } from './check-option.ts';

/** What the option `credentials` may be. */
interface GivenCredentials {
  readonly fields?: readonly string[];
  readonly cookies?: 'all' | readonly string[] | false;
}

/**
 * Checks the option `credentials`.
 *
 * @throws TypeError naming the option, the value and the remedy.
 */
export function resolveCredentials(credentials: GivenCredentials | undefined): CredentialRules {
  if (credentials === undefined) return { fields: defaultCredentialFields, cookies: 'all' };
  checkObject(credentials, 'credentials');
  checkKnown(credentials, ['fields', 'cookies'], 'credentials');
  const { fields = defaultCredentialFields, cookies = 'all' } = credentials;
  checkNames(fields, 'credentials.fields');
  if (cookies !== 'all' && cookies !== false)
    checkNames(cookies, 'credentials.cookies', "'all', false or an array of names");
  // Whatever a user adds, these are credentials by RFC 9110 §11.
  const always = ['authorization', 'proxy-authorization'];
  return { fields: [...new Set([...always, ...fields.map((name) => name.toLowerCase())])], cookies };
}
