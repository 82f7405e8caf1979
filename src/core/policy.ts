import CachePolicy from 'http-cache-semantics';
import type { Directives } from './cache-control.ts';
import { isErrorStatus } from './error-lifetime.ts';
import { fieldValue, fieldValues, hasField } from './fields.ts';
import { parseHttpDate } from './http-date.ts';
import { initialAgeMs } from './initial-age.ts';
import type { FieldLines, RequestHead, ResponseHead } from './message.ts';
import type { FreshnessSource, ResponsePolicy, SelectingField, StoredDirectives } from './policy-types.ts';
import { forbidsStorage, responseDirectives } from './response-directives.ts';
import type { CacheRules } from './rules.ts';
import { isConfirmable, isHeuristicallyCacheable } from './status.ts';
import { varyNames } from './vary.ts';

/** What a policy is made from. */
export interface PolicyInput {
  /** Identity of the stored response; a freshened one keeps it. */
  readonly id: string;
  /** Epoch of the index that it is stored under. */
  readonly epoch: string;
  /** The request as sent. */
  readonly request: RequestHead;
  /** Whether the request's body selected the response. */
  readonly byBody?: boolean;
  /** The response as received, or as a 304 freshened it. */
  readonly response: ResponseHead;
  /** When the request was sent, in milliseconds since 1970. */
  readonly requestTime: number;
  /** When the response was received, in milliseconds since 1970. */
  readonly responseTime: number;
  /** The request fields that the response was selected by. */
  readonly selecting: readonly SelectingField[];
  /** Keyed digest of the credentials that it is for; `null` when it may answer any request. */
  readonly credentials: string | null;
  /** The rules of the cache. */
  readonly rules: CacheRules;
}

/** Makes the policy of a response that is about to be stored or was freshened. Its fields are parsed here and never again. */
export function createPolicy(input: PolicyInput): ResponsePolicy {
  const { response, responseTime } = input;
  const directives = responseDirectives(response.headers, input.rules);
  const given = readDates(response.headers, responseTime);
  // RFC 9213 §2.2: a targeted field holds in place of `Expires` too.
  const dates = directives.targeted ? { ...given, expires: undefined } : given;
  // A response that no 304 can be about has no use for validators: they are for GET and HEAD (RFC 9110 §13.1).
  const isConfirmed = isConfirmable(response.status) && input.byBody !== true;
  const etag = isConfirmed ? onlyValue(response.headers, 'etag') : undefined;
  const lastModified = isConfirmed ? dates.lastModified?.text : undefined;
  return {
    v: 1,
    kind: 'response',
    id: input.id,
    method: input.request.method,
    requestTime: input.requestTime,
    responseTime,
    initialAgeMs: initialAgeMs({
      age: fieldValue(response.headers, 'age'),
      date: dates.date,
      requestTime: input.requestTime,
      responseTime,
    }),
    freshness: freshnessSource(directives, dates, input),
    ...(isErrorStatus(response.status) ? { errorStatus: response.status } : {}),
    directives: storedDirectives(directives, input),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    selecting: input.selecting,
    credentials: input.credentials,
    epoch: input.epoch,
    ...(input.rules.shared ? { shared: true } : {}),
  };
}

interface ResponseDates {
  /** `Date`, or when the response was received (RFC 9110 §6.6.1). */
  readonly date: number;
  /** `Expires`; what is no HTTP-date lies in the past (RFC 9111 §5.3). */
  readonly expires: number | undefined;
  /** `Last-Modified`, if that is an HTTP-date. */
  readonly lastModified: { readonly text: string; readonly time: number } | undefined;
}

function readDates(headers: FieldLines, responseTime: number): ResponseDates {
  const read = (name: string): number | undefined => {
    const text = fieldValue(headers, name);
    return text === undefined ? undefined : parseHttpDate(text, responseTime);
  };
  const lastModified = onlyValue(headers, 'last-modified');
  const lastModifiedTime = read('last-modified');
  return {
    date: read('date') ?? responseTime,
    expires: hasField(headers, 'expires') ? (read('expires') ?? -Infinity) : undefined,
    lastModified:
      lastModified === undefined || lastModifiedTime === undefined
        ? undefined
        : { text: lastModified, time: lastModifiedTime },
  };
}

/** The value of a field that has one line; a validator given twice is none. */
function onlyValue(headers: FieldLines, lowerName: string): string | undefined {
  const [value, second] = fieldValues(headers, lowerName);
  return second === undefined && value !== '' ? value : undefined;
}

function freshnessSource(directives: Directives, dates: ResponseDates, input: PolicyInput): FreshnessSource {
  const { rules, response } = input;
  const { maxAgeSeconds } = directives;
  // §5.2.2.10: s-maxage is for shared caches.
  const sMaxAgeSeconds = rules.shared ? directives.sMaxAgeSeconds : undefined;
  const isExplicit =
    maxAgeSeconds !== undefined || sMaxAgeSeconds !== undefined || dates.expires !== undefined;
  if (!isExplicit && !allowsHeuristic(directives, response.status, rules)) return { kind: 'none' };
  // §4.2.1: where one of these is given, no date counts.
  const deltaSeconds = sMaxAgeSeconds ?? maxAgeSeconds;
  const lifetimeMs = deltaSeconds === undefined ? datedLifetimeMs(dates) : deltaSeconds * 1000;
  if (isExplicit) return { kind: 'explicit', lifetimeMs };
  return lifetimeMs > 0 ? { kind: 'heuristic', sinceLastModifiedMs: lifetimeMs } : { kind: 'none' };
}

/** §4.2.2: a heuristic is for statuses that allow one, and for responses that are marked as cacheable. */
function allowsHeuristic(directives: Directives, status: number, rules: CacheRules): boolean {
  return isHeuristicallyCacheable(status) || directives.public || (directives.private && !rules.shared);
}

/** The library's view of a response, with its clock stopped: all times that it needs are in the fields. */
class StillPolicy extends CachePolicy {
  now(): number {
    return 0;
  }
}

/**
 * The freshness lifetime that `Expires` gives (RFC 9111 §4.2.1), or without it the whole time since Last-Modified.
 * The library is given only dates that we have parsed and written anew, since it misreads them, and nothing that makes it
 * decide more than the lifetime.
 */
function datedLifetimeMs({ date, expires, lastModified }: ResponseDates): number {
  const headers: Record<string, string> = { date: isoDate(date) };
  if (expires !== undefined) headers['expires'] = isoDate(Math.max(expires, 0));
  if (lastModified !== undefined) headers['last-modified'] = isoDate(lastModified.time);
  const policy = new StillPolicy(
    { method: 'GET', headers: {} },
    { status: 200, headers },
    { shared: false, cacheHeuristic: 1 },
  );
  return Math.round(policy.maxAge() * 1000);
}

/** A date that the library's `Date.parse` reads to the millisecond, whatever the year. */
function isoDate(time: number): string {
  return new Date(time).toISOString();
}

function storedDirectives(directives: Directives, input: PolicyInput): StoredDirectives {
  const { response, rules } = input;
  // Only the mode `ignore-rules` stores these; to the other modes they are there to be validated (§4.1 for `Vary: *`).
  const wouldNotBeStored =
    forbidsStorage(directives, response.status) ||
    (rules.shared && directives.private) ||
    varyNames(response.headers) === '*';
  return {
    noCache: directives.noCache || wouldNotBeStored,
    noCacheFields: directives.noCacheFields,
    mustRevalidate: directives.mustRevalidate,
    // §5.2.2.10: s-maxage implies proxy-revalidate.
    proxyRevalidate: directives.proxyRevalidate || directives.sMaxAgeSeconds !== undefined,
    immutable: directives.immutable,
    public: directives.public,
    staleWhileRevalidateMs: (directives.staleWhileRevalidateSeconds ?? 0) * 1000,
    ...(directives.staleIfErrorSeconds === undefined
      ? {}
      : { staleIfErrorMs: directives.staleIfErrorSeconds * 1000 }),
  };
}
