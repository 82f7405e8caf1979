// @ts-check
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/**
 * Collects garbage: all of it, or with `{ type: 'minor' }` what is young, as happens all the time.
 *
 * @type {(options?: { type: 'minor' }) => void}
 */
export const collectGarbage = runInNewContext('gc');
