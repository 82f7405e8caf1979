export { CacacheManager } from './cacache-manager.ts';
export type { CacacheManagerOptions } from './cacache-manager.ts';
