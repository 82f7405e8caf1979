import { EventEmitter } from 'node:events';

/**
 * What follow-redirects is given for a socket while the cache is asked: it starts the caller's timeout when it sees
 * one, and a cache that takes its time must not escape that timeout.
 */
export class IdleSocket extends EventEmitter {
  setTimeout(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  destroy(): this {
    return this;
  }
}
