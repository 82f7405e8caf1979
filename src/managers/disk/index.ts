export type { DiskClock, StreamingManagerOptions } from './disk-options.ts';
export { StreamingManager } from './streaming-manager.ts';
