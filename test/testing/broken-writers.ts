import type { HttpResponseHead } from '../../src/core/message.ts';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import type { CacheWriter } from '../../src/managers/manager.ts';
import type { ManagerClass } from './broken-managers.ts';
import { MapManager, type MapWriter } from './map-manager.ts';

function changingWriter(change: (writer: CacheWriter) => Partial<CacheWriter>): ManagerClass {
  return class extends MapManager {
    override async putStream(
      cacheKey: string,
      head: HttpResponseHead,
      policy: CachePolicy,
    ): Promise<MapWriter> {
      const writer = await super.putStream(cacheKey, head, policy);
      return { ...writer, ...change(writer) };
    }
  };
}

/** Never says that a commit is done. */
export const CommitNeverSettles: ManagerClass = changingWriter((writer) => ({
  commit: async (options) => {
    await writer.commit(options);
    return await new Promise<boolean>(() => {});
  },
}));

/** Publishes what is aborted. */
export const AbortPublishes: ManagerClass = changingWriter((writer) => ({
  abort: async () => void (await writer.commit().catch(() => false)),
}));

/** Never asks the guard. */
export const GuardIgnored: ManagerClass = changingWriter((writer) => ({
  commit: async (options = {}) =>
    await writer.commit(options.trailers === undefined ? {} : { trailers: options.trailers }),
}));

/** Asks the guard, but only after it has published. */
export const GuardAskedLate: ManagerClass = changingWriter((writer) => ({
  commit: async ({ onlyIf } = {}) => {
    await writer.commit();
    return (await onlyIf?.()) ?? true;
  },
}));

/** Says `false` of everything. */
export const CommitSaysFalse: ManagerClass = changingWriter((writer) => ({
  commit: async (options) => (await writer.commit(options)) && false,
}));

/** Loses the trailers of the commit. */
export const TrailersLost: ManagerClass = changingWriter((writer) => ({
  commit: async ({ onlyIf } = {}) => await writer.commit(onlyIf === undefined ? {} : { onlyIf }),
}));
