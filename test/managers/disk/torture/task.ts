import type { StreamingManagerOptions } from '../../../../src/managers/disk/disk-options.ts';

/** What a tortured process is to do. */
export interface TortureTask {
  /** Options of its manager, which is on the folder that all share. */
  readonly manager: StreamingManagerOptions;
  readonly seed: number;
  /** Its name, which no other process has had. */
  readonly name: string;
  /** Its journal. */
  readonly journal: string;
  /** How many keys there are. */
  readonly keys: number;
  /** How many things it does at once. */
  readonly hands: number;
}

/** What tells a tortured process to come to its end. */
export const ENOUGH = 'enough';

/** What a tortured process tells, once it has ended what it does. */
export interface TortureReport {
  /** How many times each thing was done. */
  readonly done: Readonly<Record<string, number>>;
  /** Descriptors that it had open before and has open after. */
  readonly descriptors: readonly [before: number, after: number];
  /** Bytes of memory in use before and after. */
  readonly memory: readonly [before: number, after: number];
}
