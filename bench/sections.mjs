// @ts-check
import { collapsing } from './collapsing/section.mjs';
import { decisions } from './decisions/section.mjs';
import { disk } from './disk/section.mjs';
import { growth } from './growth/section.mjs';
import { hits } from './hits/section.mjs';
import { managers } from './managers/section.mjs';
import { misses } from './misses/section.mjs';
import { noStore } from './no-store/section.mjs';
import { redis } from './redis/section.mjs';
import { staleWhileRevalidate } from './stale-while-revalidate/section.mjs';
import { startUp } from './start-up/section.mjs';
import { streams } from './streams/section.mjs';

/**
 * A part of the benchmarks, which can be run alone.
 *
 * @typedef {object} Section
 * @property {string} name One word, or words with hyphens between them.
 * @property {string} about What it measures, in half a sentence.
 * @property {(setting: Setting) => AsyncGenerator<import('./result.mjs').Comparison>} run
 */

/**
 * What a section works with.
 *
 * @typedef {object} Setting
 * @property {string} origin The URL of the origin, without a slash at the end.
 * @property {typeof import('./temporary-folder.mjs').withTemporaryFolder} folder Gives a folder of its own to what is measured.
 * @property {Pick<import('./compare.mjs').Effort, 'rounds' | 'turnMs'>} effort For `compare`.
 * @property {boolean} quick Whether this is for a first look: fewer rounds, smaller bodies and stores.
 * @property {readonly number[] | undefined} entries Sizes of stores, where they were given.
 */

/** @type {readonly Section[]} */
export const sections = [
  hits,
  misses,
  noStore,
  collapsing,
  staleWhileRevalidate,
  managers,
  decisions,
  growth,
  startUp,
  streams,
  disk,
  redis,
];
