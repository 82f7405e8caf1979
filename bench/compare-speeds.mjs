// @ts-check
import { spread } from './statistics.mjs';

/**
 * One way of moving many bytes.
 *
 * @typedef {object} Mover
 * @property {string} name
 * @property {() => Promise<unknown>} run Moves them once.
 * @property {() => Promise<unknown>} [after] Clears up; not timed.
 */

/** Bytes per microsecond by the name of the mover, round by round. @typedef {ReadonlyMap<string, readonly number[]>} Speeds */

/**
 * Times movers in turn, by the clock, after one round that does not count.
 *
 * @param {readonly Mover[]} movers
 * @param {{ rounds: number, bytes: number }} effort
 * @returns {Promise<Speeds>}
 */
export async function measureSpeeds(movers, { rounds, bytes }) {
  /** @type {Map<string, number[]>} */
  const speeds = new Map(movers.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run, after } of movers) {
      const start = performance.now();
      await run();
      const microseconds = (performance.now() - start) * 1000;
      if (round > 0) speeds.get(name)?.push(bytes / microseconds);
      await after?.();
    }
  }
  return speeds;
}

/**
 * A comparison of what was measured with one of the movers, ratio by ratio of the same round.
 *
 * @param {string} title
 * @param {Speeds} speeds
 * @param {{ floor: string, goals: Readonly<Record<string, number>> }} against
 * @returns {import('./result.mjs').Comparison}
 */
export function compareSpeeds(title, speeds, { floor, goals }) {
  const floors = speeds.get(floor) ?? [];
  return {
    title,
    unit: 'MB/s',
    better: 'more',
    rows: [floor, ...[...speeds.keys()].filter((name) => name !== floor)].map((name) => ({
      name,
      value: spread(speeds.get(name) ?? []),
      ratio: spread((speeds.get(name) ?? []).map((speed, round) => speed / (floors[round] ?? NaN))),
      goal: goals[name],
    })),
  };
}
