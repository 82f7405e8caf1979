// @ts-check
import { join } from 'node:path';
import { askedOfOrigin } from '../asked-of-origin.mjs';
import { spread } from '../statistics.mjs';
import { entryPoints } from './entry-points.mjs';
import { runScript } from './run-script.mjs';

/** @typedef {import('./entry-points.mjs').EntryPoint} EntryPoint */

const loadScript = new URL('load.mjs', import.meta.url);
const firstAnswerScript = new URL('first-answer.mjs', import.meta.url);

/** Who asks first. */
const askers = [
  { id: 'axios-alone', name: 'axios alone, from the origin' },
  { id: 'axios-disk', name: 'axios, hit, disk', hit: true },
  { id: 'got-alone', name: 'got alone, from the origin' },
  { id: 'got-disk', name: 'got, hit, disk', hit: true },
  { id: 'make-fetch-happen', name: 'make-fetch-happen, hit, disk', hit: true, peer: true },
];

/** @type {import('../sections.mjs').Section} */
export const startUp = {
  name: 'start-up',
  about: 'importing each entry point, the code that this loads, and the first hit of a process',
  async *run({ origin, folder, quick }) {
    const rounds = quick ? 2 : 7;
    for (const way of /** @type {const} */ (['import', 'require'])) {
      const points = entryPoints.filter(({ esm }) => way === 'import' || !esm);
      const what = { id: `start-up-${way}`, title: `Start: ${way}, as the first of a process` };
      yield await timed(what, points, rounds, async ({ name }) => await runScript(loadScript, [way, name]));
    }
    yield* await loadedCode();
    yield await folder(async (path) => await firstAnswers(path, origin, rounds));
  },
};

/**
 * @template {{ id: string, name: string, peer?: boolean }} T
 * @param {{ id: string, title: string }} what
 * @param {readonly T[]} contenders The first of them is the floor.
 * @param {number} rounds
 * @param {(contender: T) => Promise<{ milliseconds: number }>} run
 * @returns {Promise<import('../result.mjs').Comparison>}
 */
async function timed(what, contenders, rounds, run) {
  /** @type {Map<T, number[]>} */
  const times = new Map(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [contender, taken] of times) {
      const { milliseconds } = await run(contender);
      // The first round reads the files from disk.
      if (round > 0) taken.push(milliseconds);
    }
  }
  const [floor = []] = times.values();
  return {
    ...what,
    unit: 'ms',
    better: 'less',
    rows: [...times].map(([{ id, name, peer }, taken]) => ({
      id,
      name,
      value: spread(taken),
      ratio: spread(taken.map((time, round) => time / (floor[round] ?? NaN))),
      peer,
    })),
  };
}

/** What importing each entry point loads: always the same. */
async function loadedCode() {
  /** @type {{ point: EntryPoint, files: number, kilobytes: number }[]} */
  const loaded = [];
  for (const point of entryPoints) {
    loaded.push({ point, ...(await runScript(loadScript, ['import', point.name, 'count'])) });
  }
  /** @type {(unit: 'KB' | 'files', figure: 'kilobytes' | 'files') => import('../result.mjs').Comparison} */
  const comparison = (unit, figure) => ({
    id: `start-up-loaded-${figure}`,
    title: `Start: code that is loaded by import, in ${unit}`,
    unit,
    better: 'less',
    rows: loaded.map((one) => ({
      id: one.point.id,
      name: one.point.name,
      value: spread([one[figure]]),
      ratio: spread([one[figure] / (loaded[0]?.[figure] ?? NaN)]),
      peer: one.point.peer,
    })),
  });
  return [comparison('KB', 'kilobytes'), comparison('files', 'files')];
}

/**
 * @param {string} folder
 * @param {string} origin
 * @param {number} rounds
 */
async function firstAnswers(folder, origin, rounds) {
  const url = `${origin}/json/1`;
  const what = {
    id: 'start-up-first-hit',
    title: 'Start: to the first answer of a process, imports and all',
  };
  const ask = async (/** @type {{ id: string }} */ { id }) =>
    await runScript(firstAnswerScript, [id, url, join(folder, id)]);
  for (const asker of askers) await ask(asker);
  return await timed(what, askers, rounds, async (asker) => {
    const before = await askedOfOrigin(origin);
    const taken = await ask(asker);
    const isHit = (await askedOfOrigin(origin)) === before;
    if (isHit !== Boolean(asker.hit)) throw new Error(`'${asker.name}' is not what it says`);
    return taken;
  });
}
