import { suffixName, withSuffix, type CustomKey } from '../core/cache-key.ts';
import { credentialText, type CredentialRules } from '../core/credentials.ts';
import type { FieldLines } from '../core/message.ts';
import type { SelectingField } from '../core/policy-types.ts';
import { sameSelecting, selectingFields } from '../core/vary.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { CredentialDigests } from './credential-digests.ts';
import type { CacheableRequest } from './exchange.ts';

/** What every request gets below the cache, and what the cache itself adds: it does not tell requests apart. */
const addedBelow: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'if-none-match',
  'if-modified-since',
  'cache-control',
  'pragma',
]);

/** What of a request selects among the stored responses of its target URI; worked out when it is asked for. */
export class Selection {
  /** Whether the option `cacheKey` tells responses of this target URI apart by a suffix. */
  readonly suffixed: boolean;
  /** The request fields that the suffix is made from, as far as the cache knows. */
  readonly #keyFields: readonly string[];
  readonly #headers: FieldLines;
  readonly #identity: string | undefined;
  readonly #rules: CredentialRules;
  readonly #digests: CredentialDigests;
  readonly #isShared: boolean;
  readonly #isSuffixSecret: boolean;
  #credentials: string | undefined;
  #hasAddedCredentials = false;

  constructor(
    request: CacheableRequest,
    options: {
      readonly custom: CustomKey | undefined;
      /** Whether the suffix tells of something that must not be in the store in clear. */
      readonly isSuffixSecret?: boolean;
      readonly keyFields: readonly string[];
      readonly rules: CredentialRules;
      readonly digests: CredentialDigests;
      /** Whether the cache is a shared one. */
      readonly shared: boolean;
    },
  ) {
    this.#headers = withSuffix(request.headers, options.custom);
    this.suffixed = this.#headers !== request.headers;
    this.#keyFields = options.keyFields;
    this.#identity = request.identity;
    this.#rules = options.rules;
    this.#digests = options.digests;
    this.#isShared = options.shared;
    this.#isSuffixSecret = options.isSuffixSecret ?? false;
  }

  /** Waits for the secret if this request's fields need digests. To be waited for before `credentials` and `selecting`. */
  ready(): MaybePromise<unknown> {
    const secret =
      this.hasCredentials() || this.#headers.some(([name]) => this.#isSecret(name.toLowerCase()));
    return secret ? this.#digests.ready() : undefined;
  }

  /**
   * Compares the fields that went out, where they can be told, with those that were looked up with. An agent with a
   * cookie jar or a request function may have added credentials.
   */
  compareSent(sent: FieldLines | undefined): void {
    if (sent === undefined) return;
    const credentials = credentialText(toOrigin(sent), this.#rules);
    if (credentials === undefined || credentials === credentialText(toOrigin(this.#headers), this.#rules))
      return;
    this.#hasAddedCredentials = true;
    this.#credentials = credentials;
  }

  /**
   * Whether the request went out with other values for these names, or those that its key is made from, than it was looked
   * up with; where that can be told.
   */
  isSentOtherwise(names: readonly string[], sent: (() => FieldLines | undefined) | undefined): boolean {
    if (names.length === 0 && this.#keyFields.length === 0) return false;
    const lines = sent?.();
    if (lines === undefined) return false;
    const own = [...names, ...this.#keyFields].filter((name) => !addedBelow.has(name));
    const plain = (): undefined => undefined;
    return !sameSelecting(selectingFields(own, this.#headers, plain), selectingFields(own, lines, plain));
  }

  /** Whether the request went out with credentials that no look-up knows of. */
  get hasAddedCredentials(): boolean {
    return this.#hasAddedCredentials;
  }

  /** Whether responses may be for its user alone: never in a shared cache (RFC 9111 §3.5). */
  get hasUser(): boolean {
    return !this.#isShared && this.hasCredentials();
  }

  /** Whether the request carries credentials. */
  hasCredentials(): boolean {
    this.#credentials ??= credentialText(this.#headers, this.#rules, this.#identity);
    return this.#credentials !== undefined;
  }

  /** The digest of the request's credentials; `undefined` when it has none. */
  credentials(): string | undefined {
    return this.#credentials === undefined ? undefined : this.#digests.digest(this.#credentials);
  }

  /** The values that this request has for the fields that a `Vary` names; the suffix is among them. */
  varying(names: readonly string[]): readonly SelectingField[] {
    return this.selecting(this.suffixed ? [...names, suffixName] : names);
  }

  /** The values that this request has for these names, those of credentials as digests. */
  selecting(names: readonly string[]): readonly SelectingField[] {
    return selectingFields(names, this.#headers, (name, value) =>
      this.#isSecret(name) ? this.#digests.digest(`${name}: ${value}`) : undefined,
    );
  }

  /**
   * What requests have to have in common to wait for one response: credentials, and the fields it is known to vary by.
   * A secret, to be kept in memory only.
   */
  sharingText(names: readonly string[]): string {
    const credentials = this.hasCredentials() ? this.#credentials : null;
    if (credentials === null && names.length === 0 && !this.suffixed) return '';
    const own = this.suffixed ? [...names, suffixName] : names;
    return JSON.stringify([credentials, selectingFields(own, this.#headers, () => undefined)]);
  }

  /** Cookies stay out of the store in clear even where they do not count as credentials. */
  #isSecret(name: string): boolean {
    if (name === suffixName) return this.#isSuffixSecret;
    return name === 'cookie' || this.#rules.fields.includes(name);
  }
}

/** RFC 9110 §11.7.2: what an agent tells its proxy is not for the origin. */
function toOrigin(lines: FieldLines): FieldLines {
  return lines.filter(([name]) => name.toLowerCase() !== 'proxy-authorization');
}
