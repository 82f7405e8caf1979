import { groupKey, tagKey } from '../core/cache-groups.ts';
import type { RequestHead } from '../core/message.ts';
import { targetUri } from '../core/target-uri.ts';
import { show } from './check-option.ts';
import { checkTag } from './check-tags.ts';
import { headOf, type RequestName } from './request-name.ts';

/**
 * What is to be invalidated, or marked as stale:
 *
 * - what is stored for the target URI of a request;
 * - `tag`: all that was stored with a tag, see the option `tags`;
 * - `group` and `origin`: all that the origin said is in a group (RFC 9875);
 * - `prefix`: all below a URL: itself, and what goes on behind it with `/`, `?` or `#`;
 * - `origin`: all of an origin.
 */
export type InvalidationTarget =
  | RequestName
  | {
      /** The tag, of 1 to 256 characters. */
      readonly tag: string;
    }
  | {
      /** The name of the group. */
      readonly group: string;
      /** The origin whose group it is. */
      readonly origin: string | URL;
    }
  | {
      /** An absolute URL. */
      readonly prefix: string | URL;
    }
  | {
      /** An origin, such as `https://example.com`. */
      readonly origin: string | URL;
    };

/** What an {@link InvalidationTarget} comes to. */
export type ResolvedTarget =
  | { readonly kind: 'request'; readonly request: RequestHead }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly tag: string;
      /** The origin whose group it is; `undefined` for a tag. */
      readonly origin: string | undefined;
    }
  | { readonly kind: 'prefix'; readonly prefix: string };

/** @throws TypeError naming what is wrong, and the remedy. */
export function resolveTarget(target: InvalidationTarget): ResolvedTarget {
  if (typeof target !== 'object' || target === null || target instanceof URL || 'url' in target) {
    return { kind: 'request', request: headOf(target) };
  }
  if ('tag' in target) {
    checkAlone(target, ['tag']);
    const tag = checkTag(target.tag, 'The target');
    return { kind: 'group', key: tagKey(tag), tag, origin: undefined };
  }
  if ('group' in target) {
    checkAlone(target, ['group', 'origin']);
    const origin = originOf(target.origin);
    const tag = checkTag(target.group, 'The target');
    return { kind: 'group', key: groupKey(origin, tag), tag, origin };
  }
  if ('prefix' in target) {
    checkAlone(target, ['prefix']);
    return { kind: 'prefix', prefix: targetUri(target.prefix) };
  }
  checkAlone(target, ['origin']);
  return { kind: 'prefix', prefix: originOf(target.origin) };
}

function originOf(origin: string | URL): string {
  const url = new URL(targetUri(origin));
  if (url.pathname === '/' && url.search === '') return url.origin;
  throw new TypeError(`The origin ${show(String(origin))} has a path: give ${show(url.origin)}, or a prefix`);
}

function checkAlone(target: object, known: readonly string[]): void {
  const names = Object.keys(target);
  if (known.every((name) => names.includes(name)) && names.length === known.length) return;
  if (Array.isArray(target)) {
    throw new TypeError(
      `The target is ${show(target)}: give each as an argument of its own, as in invalidate(...targets)`,
    );
  }
  const given = names.length === 0 ? 'is an object without any of its fields' : `has ${names.join(' and ')}`;
  throw new TypeError(
    `The target ${given}: give a request, { tag }, { group, origin }, { prefix } or { origin }`,
  );
}
