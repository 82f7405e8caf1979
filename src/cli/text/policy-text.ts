import { assertNever } from '../../core/assert-never.ts';
import type { ResponsePolicy } from '../../core/policy-types.ts';
import type { StoredEntry } from '../select/stored-entry.ts';
import { formatDuration } from './duration.ts';
import { freshnessText } from './freshness-text.ts';

/** Why an entry is fresh or not, and what a cache may do with it, in the words of RFC 9111: one statement each. */
export function policyText(entry: StoredEntry): readonly string[] {
  const { policy } = entry;
  return [
    `${freshnessText(entry)}: ${lifetimeText(entry)}, its current age is ${formatDuration(entry.ageMs)}`,
    ...directivesText(entry),
    validatorsText(policy),
    policy.credentials === null
      ? 'may answer any request'
      : 'answers only requests with the credentials that it was asked for with',
    policy.shared === true ? 'stored by a shared cache' : 'stored by a private cache',
    ...(policy.mode === undefined ? [] : [`stored for the mode ${policy.mode}`]),
  ];
}

function lifetimeText({ policy, lifetimeMs }: StoredEntry): string {
  const { freshness } = policy;
  const lifetime = formatDuration(lifetimeMs);
  switch (freshness.kind) {
    case 'explicit':
      return `its freshness lifetime is ${lifetime}, by max-age, s-maxage or Expires`;
    case 'heuristic':
      return `its freshness lifetime is ${lifetime}, a heuristic: part of the ${formatDuration(freshness.sinceLastModifiedMs)} since Last-Modified`;
    case 'none':
      return 'it has no freshness lifetime, and nothing for a heuristic';
    default:
      return assertNever(freshness);
  }
}

function directivesText({ policy: { directives, ...policy }, freshForMs }: StoredEntry): readonly string[] {
  const texts: string[] = [];
  if (directives.noCache) texts.push('no-cache: is validated before each reuse');
  if (directives.noCacheFields.length > 0) {
    texts.push(`no-cache for the fields ${directives.noCacheFields.join(', ')}`);
  }
  if (directives.mustRevalidate) texts.push('must-revalidate: is never reused stale');
  else if (directives.proxyRevalidate && policy.shared === true) {
    texts.push('proxy-revalidate or s-maxage: is never reused stale by a shared cache');
  }
  if (directives.immutable) texts.push('immutable: a reload does not ask for it while it is fresh');
  const { staleWhileRevalidateMs: behindMs, staleIfErrorMs: onErrorMs } = directives;
  if (behindMs > 0) texts.push(staleText('stale-while-revalidate', behindMs, freshForMs));
  if (onErrorMs !== undefined) texts.push(staleText('stale-if-error', onErrorMs, freshForMs));
  return texts;
}

function staleText(directive: string, windowMs: number, freshForMs: number): string {
  const leftMs = windowMs + Math.min(0, freshForMs);
  const left = leftMs > 0 ? `up to ${formatDuration(leftMs)} more` : 'no more';
  return `${directive}: may be reused for ${formatDuration(windowMs)} once it is stale${freshForMs < 0 ? `, ${left}` : ''}`;
}

function validatorsText({ etag, lastModified }: ResponsePolicy): string {
  const validators = [
    ...(etag === undefined ? [] : [`ETag ${etag}`]),
    ...(lastModified === undefined ? [] : [`Last-Modified ${lastModified}`]),
  ];
  return validators.length === 0
    ? 'no validator: once stale it is fetched anew'
    : `validated by ${validators.join(' and ')}`;
}
