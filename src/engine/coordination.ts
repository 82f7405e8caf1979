import type { CacheManager } from '../managers/manager.ts';
import { Flights } from './flights.ts';
import { InvalidationLog } from './invalidation-log.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { MarkMemory } from './prefix-marks.ts';
import { Untold } from './untold.ts';

/** What all caches on one manager in this process have to know of each other, so that invalidations win their races. */
export interface Coordination {
  readonly flights: Flights;
  /** What is written for one target URI is written in turn, so that an invalidation never falls between a check and its commit. */
  readonly writes: KeyedQueue;
  readonly invalidations: InvalidationLog;
  readonly untold: Untold;
  readonly marks: MarkMemory;
}

const known = new WeakMap<CacheManager, Coordination>();

/** The one for a manager. */
export function coordinationOf(manager: CacheManager): Coordination {
  let coordination = known.get(manager);
  if (coordination === undefined) {
    const marks = new MarkMemory();
    coordination = {
      flights: new Flights(() => marks.last),
      writes: new KeyedQueue(),
      invalidations: new InvalidationLog(),
      untold: new Untold(),
      marks,
    };
    known.set(manager, coordination);
  }
  return coordination;
}
