/** What a process is to ask for, all at once. */
export interface AskerTask {
  readonly client: 'axios' | 'got';
  /** Where the store is that it shares. */
  readonly folder: string;
  readonly urls: readonly string[];
}

/** What it got. */
export interface AskerAnswer {
  readonly bodies: readonly string[];
  /** What the cache reported. */
  readonly faults: readonly string[];
  /** How long that took, in milliseconds. */
  readonly took: number;
}
