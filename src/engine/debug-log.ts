import { debuglog } from 'node:util';
import { assertNever } from '../core/assert-never.ts';
import type { CacheEvent } from './events.ts';
import { describeInfo } from './reason-texts.ts';

const log = debuglog('http-larder');

/** Whether the environment variable `NODE_DEBUG` names `http-larder`. */
export const isLogging: boolean = log.enabled;

/** Writes an event to the standard error: one line for each request, and what goes wrong or on behind it. */
export function logEvent(event: CacheEvent): void {
  const line = lineOf(event);
  if (line !== undefined) log('%s', line);
}

function lineOf(event: CacheEvent): string | undefined {
  switch (event.type) {
    case 'response':
      return `${event.method} ${event.url} ${describeInfo(event.info)}`;
    case 'drop':
      return `${event.url} was not stored after all: ${event.reason}`;
    case 'evict':
      return `${event.url} was evicted`;
    case 'invalidate':
      return `${describe(event)} was ${event.isStale ? 'marked as stale' : 'invalidated'}`;
    case 'error':
      return `${event.operation} failed: ${event.error.code} ${event.error.message}`;
    // The line of the request says as much.
    case 'lookup':
    case 'forward':
    case 'wait':
    case 'store':
      return undefined;
    default:
      return assertNever(event);
  }
}

function describe({ url, tag, prefix }: Extract<CacheEvent, { type: 'invalidate' }>): string {
  if (prefix !== undefined) return `all below ${prefix}`;
  if (tag === undefined) return String(url);
  return url === undefined ? `the tag ${tag}` : `the group ${tag} of ${url}`;
}
