// @ts-check
import { runSection } from './run-section.mjs';
import { startOrigin } from './start-origin.mjs';

/**
 * Runs sections, one after the other.
 *
 * @param {object} options
 * @param {readonly import('./sections.mjs').Section[]} options.only
 * @param {boolean} options.quick
 * @param {readonly number[] | undefined} [options.entries]
 * @returns {AsyncGenerator<import('./result.mjs').Measured>}
 */
export async function* measure({ only, quick, entries }) {
  const effort = quick ? { rounds: 10, turnMs: 15 } : { rounds: 48, turnMs: 25 };
  const date = new Date().toISOString().slice(0, 10);
  const { url: origin, stop } = await startOrigin();
  try {
    for (const { name: section } of only) {
      for await (const comparison of runSection(section, { origin, effort, quick, entries })) {
        yield { section, date, ...comparison };
      }
    }
  } finally {
    stop();
  }
}
