import type { ForwardReason, ReuseReason } from '../core/reuse-decision.ts';
import type { StorageRefusal } from '../core/storage-decision.ts';
import type { HttpCacheError } from '../errors.ts';
import type { CacheInfo } from './cache-info.ts';
import type { ExplainedAction } from './explanation.ts';

/**
 * What a cache tells its observers: the option `onEvent`, and the `node:diagnostics_channel` named `http-larder:` and
 * the event's type. A closed list. Credentials never appear in an event.
 */
export type CacheEvent =
  | {
      /** A request was looked up: what is stored for it, and what is to be done. Another may follow where it waits for another request. */
      readonly type: 'lookup';
      /** The request's method. */
      readonly method: string;
      /** Its target URI. */
      readonly url: string;
      /** The key of what was found, or the one that it was looked for under. */
      readonly key: string;
      /** What is to be done, as `cache.explain` tells it. */
      readonly action: LookUpAction;
      /** Why. */
      readonly reason: ReuseReason | ForwardReason;
    }
  | {
      /** A request was answered or passed on. */
      readonly type: 'response';
      /** Its method. */
      readonly method: string;
      /** Its target URI. */
      readonly url: string;
      /** What `cacheInfo` gives for its response. */
      readonly info: CacheInfo;
    }
  | {
      /** The origin is being asked. */
      readonly type: 'forward';
      /** The request's method. */
      readonly method: string;
      /** Its target URI. */
      readonly url: string;
      /** Its cache key; `undefined` when the cache stood aside before it made one. */
      readonly key: string | undefined;
      /** Whether a condition of ours goes with it. */
      readonly conditional: boolean;
    }
  | {
      /** Another request for the same is under way, and its response is waited for in place of asking the origin. */
      readonly type: 'wait';
      /** The request's method. */
      readonly method: string;
      /** Its target URI. */
      readonly url: string;
      /** Its cache key. */
      readonly key: string;
    }
  | {
      /** A body was read to its end and its response is in the store, or its metadata was freshened. */
      readonly type: 'store';
      /** The target URI. */
      readonly url: string;
      /** The key it is stored under. */
      readonly key: string;
      /** Bytes of the body. */
      readonly size: number;
      /** Whether only the metadata was written. */
      readonly freshened: boolean;
    }
  | {
      /** A response that was on its way into the store was dropped. */
      readonly type: 'drop';
      /** The target URI. */
      readonly url: string;
      /** The key it would have been stored under. */
      readonly key: string;
      /** Why. */
      readonly reason: StorageRefusal;
    }
  | {
      /** The manager took an entry out to stay within its limits. */
      readonly type: 'evict';
      /** The target URI. */
      readonly url: string;
      /** The key it was stored under. */
      readonly key: string;
      /** Bytes of the body. */
      readonly size: number;
    }
  | {
      /** What is stored for a target URI, a group of responses, or below a URL was invalidated, or marked as stale. */
      readonly type: 'invalidate';
      /** The target URI, or the origin of a group; `undefined` for a tag or a prefix. */
      readonly url: string | undefined;
      /** The tag, or the name of a group; `undefined` for anything else. */
      readonly tag: string | undefined;
      /** What the target URIs begin with; `undefined` for anything else. */
      readonly prefix: string | undefined;
      /** The key of everything that is stored for a target URI, the key of a group's record, or the prefix. */
      readonly key: string;
      /** Whether it was only marked as stale. */
      readonly isStale: boolean;
    }
  | {
      /** The cache failed at something, and the request went on without it. */
      readonly type: 'error';
      /** What it was doing: a manager's method, or the name of an option that is a function. */
      readonly operation: string;
      /** The cache key that it was about, if it was about one. */
      readonly key: string | undefined;
      /** What went wrong. */
      readonly error: HttpCacheError;
    };

/** What a look-up comes to. */
export type LookUpAction = Exclude<ExplainedAction, 'bypass'>;

/** The types of {@link CacheEvent}. */
export type CacheEventType = CacheEvent['type'];
