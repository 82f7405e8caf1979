import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import type { MaybePromise, StoredResponse } from '../../src/managers/manager.ts';
import { Gate } from '../helpers/gate.ts';

/** A manager in memory whose look-ups wait, once it is closed, until the test lets them go on. */
export class GatedManager extends MemoryManager {
  #gate: Gate | undefined;
  #asked = new Gate();

  /** From here on look-ups wait. */
  hold(): void {
    this.#gate = new Gate();
    this.#asked = new Gate();
  }

  /** Resolves once a look-up waits. */
  get asked(): Promise<void> {
    return this.#asked.opened;
  }

  /** Lets all look-ups go on. */
  letGo(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  override getStream(cacheKey: string): MaybePromise<StoredResponse | undefined> {
    if (this.#gate === undefined) return super.getStream(cacheKey);
    this.#asked.open();
    return this.#gate.opened.then(() => super.getStream(cacheKey));
  }
}
