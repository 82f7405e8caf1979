import { isError } from '../core/is-error.ts';
import type { EvictedEntry, EvictionObserver, EvictionSource } from './manager.ts';

/** Tells observers of what a manager takes out to stay within its limits. */
export class Evictions implements EvictionSource {
  readonly #observers = new Set<EvictionObserver>();

  observe(observer: EvictionObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Tells them; what they throw becomes a process warning, as nobody waits for it. */
  tell(entry: EvictedEntry): void {
    for (const observer of this.#observers) {
      try {
        observer(entry);
      } catch (error) {
        process.emitWarning(isError(error) ? error : `An observer of evictions threw ${String(error)}`);
      }
    }
  }
}
