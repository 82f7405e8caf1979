export type { DiskClock, StreamingManagerOptions } from './disk-options.ts';
export { StreamingManager } from './streaming-manager.ts';
export type { VerifyOptions } from './verify/verify-options.ts';
export type {
  VerifyProblem,
  VerifyProblemKind,
  VerifyProgress,
  VerifyReport,
} from './verify/verify-report.ts';
