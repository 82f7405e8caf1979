import { createHash } from 'node:crypto';
import type { HttpResponse } from '../core/message.ts';
import type { CacheEntry, CacheManager } from '../managers/manager.ts';

type Policy = Parameters<CacheManager['put']>[2];

/** A stored response as a file that people can read and change. */
interface Fixture {
  readonly key: string;
  readonly response: Omit<HttpResponse, 'body'>;
  /** The body as text where it is UTF-8, or else in base64. */
  readonly body: { readonly text: string } | { readonly base64: string };
  readonly policy: Policy;
}

const ending = '.json';

/** What the names of all files of one key end in. */
export function endOfName(cacheKey: string): string {
  return `.${createHash('sha256').update(cacheKey).digest('hex').slice(0, 16)}${ending}`;
}

/** The end of a fixture's name, see {@link endOfName}; `undefined` for another file. */
export function endOfFixture(name: string): string | undefined {
  return /\.[0-9a-f]{16}\.json$/.exec(name)?.[0];
}

/** A name that tells people what is in a file: host, path and the end that belongs to the key. */
export function nameOf(cacheKey: string, url: string): string {
  const { host, pathname } = new URL(url);
  const words = `${host}${pathname}`.replaceAll(/[^A-Za-z0-9.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${words.slice(0, 80)}${endOfName(cacheKey)}`;
}

/** The text of a fixture. */
export function writeFixture(key: string, { response: { body, ...response }, policy }: CacheEntry): string {
  const bytes = Buffer.from(body);
  const text = bytes.toString('utf8');
  const fixture: Fixture = {
    key,
    response,
    body: Buffer.from(text, 'utf8').equals(bytes) ? { text } : { base64: bytes.toString('base64') },
    policy,
  };
  return `${JSON.stringify(fixture, undefined, 2)}\n`;
}

/**
 * Reads the text of a fixture.
 *
 * @throws SyntaxError for what is not JSON, TypeError for JSON that is no fixture.
 */
export function readFixture(text: string): { readonly key: string } & CacheEntry {
  const fixture: Partial<Fixture> | null = JSON.parse(text);
  const { key, response, body, policy } = fixture ?? {};
  if (key === undefined || response === undefined || body === undefined || policy === undefined) {
    throw new TypeError('It has no key, response, body or policy: record it anew');
  }
  const bytes = 'text' in body ? Buffer.from(body.text, 'utf8') : Buffer.from(body.base64, 'base64');
  return { key, response: { ...response, body: bytes }, policy };
}
