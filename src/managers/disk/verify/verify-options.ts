import { quoted, refuseUnknownOptions } from '../../manager-options.ts';
import type { VerifyProblem, VerifyProgress } from './verify-report.ts';

/** Options of {@link StreamingManager.verify}. */
export interface VerifyOptions {
  /**
   * Whether to mend what can be: to drop entries that are damaged, to remove what was left behind, to set permissions and
   * to count anew. Without it nothing is changed.
   * @defaultValue true
   */
  readonly mend?: boolean;
  /** Ends it: the promise then rejects with the reason of the signal. What was mended by then stays so. */
  readonly signal?: AbortSignal;
  /** Called with each problem, once it is mended or left. An error that it throws ends the verification. */
  readonly onProblem?: (problem: VerifyProblem) => void;
  /** Called after each entry and each 256 KiB of a body at most. An error that it throws ends the verification. */
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/** Options with their defaults, all of them checked. */
export interface ResolvedVerifyOptions extends VerifyOptions {
  readonly mend: boolean;
}

const OWNER = 'StreamingManager.verify';
const KNOWN = ['mend', 'signal', 'onProblem', 'onProgress'];

/**
 * Checks options and fills in defaults.
 *
 * @throws TypeError for one that is unknown or cannot be used.
 */
export function resolveVerifyOptions(options: VerifyOptions): ResolvedVerifyOptions {
  refuseUnknownOptions(OWNER, options, KNOWN);
  const { mend = true, signal } = options;
  if (typeof mend !== 'boolean') {
    throw new TypeError(`${OWNER}: mend is ${quoted(mend)}: give true or false`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`${OWNER}: signal is ${quoted(signal)}: give an AbortSignal`);
  }
  for (const name of ['onProblem', 'onProgress'] as const) {
    const callback: unknown = options[name];
    if (callback === undefined || typeof callback === 'function') continue;
    throw new TypeError(`${OWNER}: ${name} is ${quoted(callback)}: give a function`);
  }
  return { ...options, mend };
}
