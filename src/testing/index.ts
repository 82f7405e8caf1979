export { managerConformance, registerConformance } from './manager-conformance.ts';
export type {
  ConformanceCase,
  ConformanceContext,
  ConformanceOptions,
  ConformanceRunner,
} from './manager-conformance.ts';
export type { ConformanceLimits } from './conformance/conformance-case.ts';
export { resetCache } from './reset-cache.ts';
export { SettableClock } from './settable-clock.ts';
export { recordAndReplay, type RecordAndReplay, type RecordAndReplayOptions } from './record-and-replay.ts';
