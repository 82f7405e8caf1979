// @ts-check
import { spread } from './statistics.mjs';

/**
 * One way of moving many bytes.
 *
 * @typedef {object} Mover
 * @property {string} id Words with hyphens between them, that no other of them has.
 * @property {string} name
 * @property {() => Promise<unknown>} run Moves them once.
 * @property {() => Promise<unknown>} [after] Clears up; not timed.
 * @property {boolean} [peer] Whether this is another cache.
 */

/** Bytes per microsecond, round by round. @typedef {ReadonlyMap<Mover, readonly number[]>} Speeds */

/**
 * Times movers in turn, by the clock, after one round that does not count.
 *
 * @param {readonly Mover[]} movers
 * @param {{ rounds: number, bytes: number }} effort
 * @returns {Promise<Speeds>}
 */
export async function measureSpeeds(movers, { rounds, bytes }) {
  /** @type {Map<Mover, number[]>} */
  const speeds = new Map(movers.map((mover) => [mover, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [{ run, after }, noted] of speeds) {
      const start = performance.now();
      await run();
      const microseconds = (performance.now() - start) * 1000;
      if (round > 0) noted.push(bytes / microseconds);
      await after?.();
    }
  }
  return speeds;
}

/**
 * A comparison of what was measured with one of the movers, ratio by ratio of the same round.
 *
 * @param {{ id: string, title: string }} what
 * @param {Speeds} speeds
 * @param {{ floor: string, goals: Readonly<Record<string, number>> }} against By the ids of the movers.
 * @returns {import('./result.mjs').Comparison}
 */
export function compareSpeeds({ id, title }, speeds, { floor, goals }) {
  const ordered = [...speeds].toSorted(([a], [b]) => Number(b.id === floor) - Number(a.id === floor));
  const floors = ordered[0]?.[1] ?? [];
  return {
    id,
    title,
    unit: 'MB/s',
    better: 'more',
    rows: ordered.map(([mover, taken]) => ({
      id: mover.id,
      name: mover.name,
      value: spread(taken),
      ratio: spread(taken.map((speed, round) => speed / (floors[round] ?? NaN))),
      goal: goals[mover.id],
      peer: mover.peer,
    })),
  };
}
