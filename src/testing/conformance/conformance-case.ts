import type { CacheManager, StreamingCacheManager } from '../../managers/manager.ts';

/** Limits that a manager may let its user set. */
export interface ConformanceLimits {
  /** The largest body, in bytes. */
  readonly maxEntrySize?: number;
  /** The most entries. */
  readonly maxEntries?: number;
  /** The most bytes altogether. */
  readonly maxSize?: number;
}

/** Something that every manager must do. Throws when it does not. */
export interface BufferedCheck {
  readonly kind: 'buffered';
  readonly name: string;
  readonly check: (manager: CacheManager) => Promise<void>;
}

/** Something that a manager must do that streams. */
export interface StreamingCheck {
  readonly kind: 'streaming';
  readonly name: string;
  readonly check: (manager: StreamingCacheManager) => Promise<void>;
}

/** A manager that streams, and lets a body be read while it is written. */
export type FollowableManager = StreamingCacheManager &
  Required<Pick<StreamingCacheManager, 'readWhileWriting'>>;

/** Something that a manager must do that lets a body be read while it is written. */
export interface FollowingCheck {
  readonly kind: 'following';
  readonly name: string;
  readonly check: (manager: FollowableManager) => Promise<void>;
}

/** Something that a manager must do that has a capability. */
export interface CapabilityCheck {
  readonly kind: 'capability';
  readonly name: string;
  readonly needs: 'entries' | 'clear' | 'stats' | 'close' | 'secret' | 'lease';
  readonly check: (manager: CacheManager) => Promise<void>;
}

/** Something that a manager must do under limits. */
export interface LimitCheck {
  readonly kind: 'limit';
  readonly name: string;
  readonly limits: ConformanceLimits;
  /** Whether it is about streams too. */
  readonly streams: boolean;
  readonly check: (manager: CacheManager) => Promise<void>;
}

/** One check of the kit. */
export type Check = BufferedCheck | StreamingCheck | FollowingCheck | CapabilityCheck | LimitCheck;

/** The methods that a streaming manager has in addition. */
export const STREAMING_METHODS = ['getStream', 'putStream', 'streamResponse', 'updateMetadata'] as const;

/** Whether a manager streams. */
export function isStreaming(manager: CacheManager): manager is StreamingCacheManager {
  return STREAMING_METHODS.every((method) => typeof Reflect.get(manager, method) === 'function');
}

/** Whether a manager lets a body be read while it is written. */
export function isFollowable(manager: CacheManager): manager is FollowableManager {
  return isStreaming(manager) && manager.readWhileWriting !== undefined;
}

/** A check for every manager. */
export function buffered(name: string, check: BufferedCheck['check']): BufferedCheck {
  return { kind: 'buffered', name, check };
}

/** A check for managers that stream. */
export function streaming(name: string, check: StreamingCheck['check']): StreamingCheck {
  return { kind: 'streaming', name, check };
}
