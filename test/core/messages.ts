import { createPolicy, type PolicyInput } from '../../src/core/policy.ts';
import type { FieldLines, HttpResponseHead, RequestHead, ResponseHead } from '../../src/core/message.ts';
import type { ResponsePolicy } from '../../src/core/policy-types.ts';
import type { CacheRules } from '../../src/core/rules.ts';

/** A whole second, so that dates say it exactly. */
export const start: number = Date.UTC(2030, 0, 2, 12, 0, 0);

export const second = 1000;
export const hour: number = 3600 * second;
export const day: number = 24 * hour;

export const privateRules: CacheRules = {
  shared: false,
  heuristic: 0.1,
  minTtl: undefined,
  maxTtl: undefined,
  defaultTtl: undefined,
  errorTtl: undefined,
  maxStaleIfDisconnected: day,
  setCookie: 'auto',
  targetedCacheControl: [],
  immutable: true,
};

export const sharedRules: CacheRules = { ...privateRules, shared: true };

/** Field lines from an object, for fields that have one line each. */
export function lines(fields: Readonly<Record<string, string>>): FieldLines {
  return Object.entries(fields);
}

export function httpDate(time: number): string {
  return new Date(time).toUTCString();
}

export function request(fields: Readonly<Record<string, string>> = {}, method = 'GET'): RequestHead {
  return { method, url: 'http://origin.test/', headers: lines(fields) };
}

export function response(fields: Readonly<Record<string, string>> = {}, status = 200): ResponseHead {
  return { status, statusText: '', httpVersion: '1.1', headers: lines(fields) };
}

export function storedHead(headers: FieldLines, status = 200): HttpResponseHead {
  return {
    status,
    statusText: 'OK',
    httpVersion: '1.1',
    headers,
    url: 'http://origin.test/',
    trailers: [],
  };
}

/** The policy of a response that came at {@link start}, without delay. */
export function policyOf(
  fields: Readonly<Record<string, string>>,
  given: Partial<PolicyInput> = {},
): ResponsePolicy {
  return createPolicy({
    id: 'id',
    epoch: 'epoch',
    request: request(),
    response: response(fields),
    requestTime: start,
    responseTime: start,
    selecting: [],
    credentials: null,
    rules: privateRules,
    ...given,
  });
}
