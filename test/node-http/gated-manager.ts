import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import type { StreamingCacheManager } from '../../src/managers/manager.ts';
import { Gate } from '../helpers/gate.ts';

/** A manager in memory whose look-ups can be made to wait until the test lets them go on. */
export interface GatedManager extends StreamingCacheManager {
  /** From here on look-ups wait. Resolves once one does. */
  hold(): Promise<void>;
  /** Lets all look-ups go on. */
  letGo(): void;
}

export function gatedManager(): GatedManager {
  const memory = new MemoryManager();
  const getStream = memory.getStream.bind(memory);
  let gate: Gate | undefined;
  let asked = new Gate();
  return Object.assign(memory, {
    getStream: ((cacheKey) => {
      if (gate === undefined) return getStream(cacheKey);
      asked.open();
      return gate.opened.then(() => getStream(cacheKey));
    }) satisfies StreamingCacheManager['getStream'],
    hold: () => {
      gate = new Gate();
      asked = new Gate();
      return asked.opened;
    },
    letGo: () => {
      gate?.open();
      gate = undefined;
    },
  });
}
