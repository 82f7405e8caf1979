export { MemoryManager } from './memory-manager.ts';
export type { MemoryManagerOptions } from './memory-manager.ts';
