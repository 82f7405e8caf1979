import type { RequestHead } from '../core/message.ts';
import type { CacheRules } from '../core/rules.ts';
import { targetUri } from '../core/target-uri.ts';
import { beginsWith } from '../core/url-prefix.ts';
import { HttpCacheError } from '../errors.ts';
import { checkBounds, checkLifetimes, type Lifetimes } from './check-lifetimes.ts';
import { checkKnown, show } from './check-option.ts';

/**
 * Freshness lifetimes for some of the requests of a cache. Those that it gives hold in place of the cache's own; for the
 * others these hold. All are milliseconds, and are applied when a stored response is read.
 */
export interface CacheRule {
  /**
   * Which requests it is for: those whose URL begins with a string, up to the end of the origin or of a path segment; those
   * whose URL a regular expression finds something in; or those that a function says `true` of.
   */
  readonly match: string | RegExp | ((request: RequestHead) => boolean);
  /** Shortest freshness lifetime of a response that gives one. */
  readonly minTtl?: number;
  /** Longest freshness lifetime, also in the mode `ignore-rules`. */
  readonly maxTtl?: number;
  /** Freshness lifetime of a response that gives none and allows no heuristic. */
  readonly defaultTtl?: number;
  /** Freshness lifetime of an error answer that gives none: of all, or by status or class, such as `404` or `5xx`. */
  readonly errorTtl?: number | Readonly<Record<string, number>>;
}

/** A rule as the engine uses it. */
export interface ResolvedRule {
  readonly matches: (request: RequestHead) => boolean;
  /** The rules of the cache, with the lifetimes of this one. */
  readonly rules: CacheRules;
}

/**
 * Checks the option `rules`.
 *
 * @param general - The rules that hold where none of these does.
 * @throws TypeError or RangeError naming the rule, the value and the remedy.
 */
export function resolveRules(value: unknown, general: CacheRules): readonly ResolvedRule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value))
    throw new TypeError(`The option rules is ${show(value)}: give an array of { match, maxTtl, … }`);
  return value.map((rule: unknown, index) => resolveRule(rule, `rules[${index}]`, general));
}

function resolveRule(rule: unknown, name: string, general: CacheRules): ResolvedRule {
  if (!isRule(rule)) throw new TypeError(`The option ${name} is ${show(rule)}: give { match, maxTtl, … }`);
  checkKnown(rule, ['match', 'minTtl', 'maxTtl', 'defaultTtl', 'errorTtl'], name);
  const own: Lifetimes = checkLifetimes(rule, `${name}.`);
  const rules: CacheRules = {
    ...general,
    minTtl: own.minTtl ?? general.minTtl,
    maxTtl: own.maxTtl ?? general.maxTtl,
    defaultTtl: own.defaultTtl ?? general.defaultTtl,
    errorTtl: own.errorTtl ?? general.errorTtl,
  };
  checkBounds(rules, name);
  return { matches: matcher(rule.match, `${name}.match`), rules };
}

function isRule(value: unknown): value is CacheRule {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function matcher(match: CacheRule['match'], name: string): (request: RequestHead) => boolean {
  if (typeof match === 'string') {
    const prefix = prefixOf(match, name);
    return ({ url }) => beginsWith(url, prefix);
  }
  // `search` begins anew at each call, whatever the flags.
  if (match instanceof RegExp) return ({ url }) => url.search(match) !== -1;
  if (typeof match === 'function') {
    return (request) => {
      const answer: unknown = match(request);
      if (typeof answer === 'boolean') return answer;
      throw new HttpCacheError('ERR_HTTP_CACHE_CALLBACK', `${name} gave ${show(answer)}: give true or false`);
    };
  }
  throw new TypeError(
    `The option ${name} is ${show(match)}: give the beginning of a URL, a RegExp or a function of the request`,
  );
}

function prefixOf(match: string, name: string): string {
  try {
    return targetUri(match);
  } catch {
    throw new TypeError(
      `The option ${name} is ${show(match)}: give the beginning of an absolute http: or https: URL, a RegExp or a function`,
    );
  }
}
