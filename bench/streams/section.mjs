// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bodySize } from '../bodies.mjs';
import { spread } from '../statistics.mjs';

/**
 * One large body from one source.
 *
 * @typedef {object} Scenario
 * @property {{ reader: 'axios' | 'got' | 'file', file?: string }} source
 * @property {string} origin
 * @property {string} [folder] Of the disk manager; without it there is no cache.
 */

/** @typedef {{ megabytesPerSecond: number, megabytesOfMemory: number }} Measured */

/** @typedef {'raw file' | 'axios alone' | 'axios miss' | 'axios hit' | 'got alone' | 'got miss' | 'got hit'} Name */

const clients = /** @type {const} */ (['axios', 'got']);

/** @type {import('../sections.mjs').Section} */
export const streams = {
  name: 'streams',
  about: 'a body of 256 MB through axios and got, into the disk store and out of it',
  async *run({ origin, folder, quick }) {
    const rounds = quick ? 2 : 7;
    yield* await folder(async (path) => await compareStreams({ origin, folder: path, rounds }));
  },
};

/**
 * A body of 256 MB through each client, without the cache, into the disk store and out of it, and a file of that length.
 * Each time in a new process, in turn.
 *
 * @param {{ origin: string, folder: string, rounds: number }} setting
 * @returns {Promise<import('../result.mjs').Comparison[]>}
 */
async function compareStreams({ origin, folder, rounds }) {
  const file = join(folder, 'raw');
  await writeFile(file, Buffer.alloc(bodySize, 'http-larder '));
  /** @type {Map<Name, Measured[]>} */
  const measured = new Map();
  for (let round = 0; round < rounds; round += 1) {
    const note = async (/** @type {Name} */ name, /** @type {Scenario} */ scenario) => {
      measured.set(name, [...(measured.get(name) ?? []), await run(scenario)]);
    };
    await note('raw file', { source: { reader: 'file', file }, origin });
    for (const reader of clients) {
      const store = join(folder, reader);
      await note(`${reader} alone`, { source: { reader }, origin });
      await note(`${reader} miss`, { source: { reader }, origin, folder: store });
      await note(`${reader} hit`, { source: { reader }, origin, folder: store });
      await rm(store, { recursive: true });
    }
  }
  return comparisons(measured);
}

/**
 * @param {ReadonlyMap<Name, readonly Measured[]>} measured
 * @returns {import('../result.mjs').Comparison[]}
 */
function comparisons(measured) {
  const speeds = (/** @type {Name} */ name) =>
    (measured.get(name) ?? []).map((one) => one.megabytesPerSecond);
  const memory = (/** @type {Name} */ name) =>
    spread((measured.get(name) ?? []).map((one) => one.megabytesOfMemory));
  /** @type {(name: Name, floor: Name, goal?: number) => import('../result.mjs').Row} */
  const speedRow = (name, floor, goal) => ({
    id: name.replaceAll(' ', '-'),
    name,
    value: spread(speeds(name)),
    ratio: spread(speeds(name).map((speed, round) => speed / (speeds(floor)[round] ?? NaN))),
    goal,
  });
  /** @type {(name: Name, floor: Name, goal?: number) => import('../result.mjs').Row} */
  const memoryRow = (name, floor, goal) => ({
    id: name.replaceAll(' ', '-'),
    name,
    value: memory(name),
    difference: memory(name).median - memory(floor).median,
    goal,
  });
  return [
    ...clients.map((client) => ({
      id: `stream-${client}-miss`,
      title: `256 MB through ${client}, not stored yet`,
      unit: /** @type {const} */ ('MB/s'),
      better: /** @type {const} */ ('more'),
      rows: [
        speedRow(`${client} alone`, `${client} alone`),
        speedRow(`${client} miss`, `${client} alone`, 0.5),
      ],
    })),
    {
      id: 'stream-hit',
      title: '256 MB out of the disk store, beside a file in chunks of 64 KB',
      unit: 'MB/s',
      better: 'more',
      rows: [
        speedRow('raw file', 'raw file'),
        ...clients.map((client) => speedRow(`${client} hit`, 'raw file', 1)),
      ],
    },
    ...clients.map((client) => ({
      id: `stream-${client}-memory`,
      title: `Growth of memory during 256 MB through ${client}`,
      unit: /** @type {const} */ ('MB'),
      better: /** @type {const} */ ('less'),
      rows: [
        memoryRow(`${client} alone`, `${client} alone`),
        memoryRow(`${client} miss`, `${client} alone`, 16),
        memoryRow(`${client} hit`, `${client} alone`, 16),
      ],
    })),
  ];
}

/**
 * Runs a scenario in a new process.
 *
 * @param {Scenario} scenario
 * @returns {Promise<Measured>}
 */
async function run(scenario) {
  const child = fork(fileURLToPath(new URL('scenario.mjs', import.meta.url)));
  child.send(scenario);
  const ended = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  await ended;
  if (typeof answer !== 'object' || answer === null) throw new Error('A stream scenario failed; see above');
  return answer;
}
