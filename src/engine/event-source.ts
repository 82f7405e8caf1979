import diagnosticsChannel from 'node:diagnostics_channel';
import { isError } from '../core/is-error.ts';
import type { Counters } from './counters.ts';
import { isLogging, logEvent } from './debug-log.ts';
import type { CacheEvent, CacheEventType } from './events.ts';

const channels = {
  lookup: diagnosticsChannel.channel('http-larder:lookup'),
  response: diagnosticsChannel.channel('http-larder:response'),
  forward: diagnosticsChannel.channel('http-larder:forward'),
  wait: diagnosticsChannel.channel('http-larder:wait'),
  store: diagnosticsChannel.channel('http-larder:store'),
  drop: diagnosticsChannel.channel('http-larder:drop'),
  evict: diagnosticsChannel.channel('http-larder:evict'),
  invalidate: diagnosticsChannel.channel('http-larder:invalidate'),
  error: diagnosticsChannel.channel('http-larder:error'),
} satisfies Record<CacheEventType, diagnosticsChannel.Channel>;

/** Hands events to whoever observes. */
export class EventSource {
  readonly #onEvent: ((event: CacheEvent) => void) | undefined;
  readonly #counters: Counters;

  constructor(onEvent: ((event: CacheEvent) => void) | undefined, counters: Counters) {
    this.#onEvent = onEvent;
    this.#counters = counters;
  }

  /** Counts a fault, and tells of it. */
  fault(fault: Omit<Extract<CacheEvent, { type: 'error' }>, 'type'>): void {
    this.#counters.errors += 1;
    if (this.observed('error')) this.emit({ type: 'error', ...fault });
  }

  /** Whether anybody observes events of a type; an event nobody observes need not be made. */
  observed(type: CacheEventType): boolean {
    return this.#onEvent !== undefined || isLogging || channels[type].hasSubscribers;
  }

  /** Hands an event out. What an observer throws becomes a process warning: it must not reach the request. */
  emit(event: CacheEvent): void {
    if (isLogging) logEvent(event);
    if (channels[event.type].hasSubscribers) channels[event.type].publish(event);
    if (this.#onEvent === undefined) return;
    try {
      this.#onEvent(event);
    } catch (error) {
      process.emitWarning(isError(error) ? error : `onEvent threw ${String(error)}`);
    }
  }
}
