export { TieredManager } from './tiered-manager.ts';
export type { TieredManagerOptions } from './tiered-options.ts';
