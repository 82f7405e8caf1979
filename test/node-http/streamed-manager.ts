import type { Readable } from 'node:stream';
import type { StoredResponse, StreamingCacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';

/** A manager that has no body at hand, but streams each as the test says. */
export function streamedManager(bodyOf: (body: Buffer) => Readable): StreamingCacheManager {
  const memory = new MemoryManager();
  const getStream = memory.getStream.bind(memory);
  const bodies = new WeakMap<StoredResponse, Buffer>();
  return Object.assign(memory, {
    getStream: ((cacheKey) => {
      const stored = getStream(cacheKey);
      if (stored?.body === undefined || stored.policy.kind !== 'response') return stored;
      const { head, policy, token, size } = stored;
      const streamed = { head, policy, token, size, release: () => undefined };
      bodies.set(streamed, Buffer.from(stored.body));
      return streamed;
    }) satisfies StreamingCacheManager['getStream'],
    streamResponse: ((stored) =>
      bodyOf(bodies.get(stored) ?? Buffer.alloc(0))) satisfies StreamingCacheManager['streamResponse'],
  });
}
