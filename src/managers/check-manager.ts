import type { CacheManager, StreamingCacheManager } from './manager.ts';
import { quoted } from './manager-options.ts';

const required = ['get', 'put', 'delete'] as const;
const streaming = ['getStream', 'putStream', 'streamResponse', 'updateMetadata'] as const;

/**
 * Checks that the value of an option is a cache manager, whole.
 *
 * @throws TypeError naming the method that is missing.
 */
export function checkManager(value: CacheManager, option: string): CacheManager {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `The option ${option} is ${quoted(value)}: give a cache manager, such as new MemoryManager()`,
    );
  }
  for (const method of required) {
    if (!hasMethod(value, method)) {
      throw new TypeError(
        `The option ${option} has no method ${method}(): a cache manager has get, put and delete`,
      );
    }
  }
  const missing = streaming.filter((method) => !hasMethod(value, method));
  if (missing.length > 0 && missing.length < streaming.length) {
    throw new TypeError(
      `The option ${option} has no method ${missing[0]}(): a streaming one has ${streaming.join(', ')}, a buffered one none of them`,
    );
  }
  return value;
}

/** Whether a manager streams; `checkManager` saw to it that it has all of the methods or none. */
export function isStreaming(manager: CacheManager): manager is StreamingCacheManager {
  return hasMethod(manager, 'getStream');
}

function hasMethod(value: object, name: string): boolean {
  return typeof Reflect.get(value, name) === 'function';
}
