// @ts-check
import { spread } from '../statistics.mjs';
import { measureStreams } from './runs.mjs';

/** @typedef {import('./runs.mjs').Name} Name */
/** @typedef {import('./scenario.mjs').Measured} Measured */

const peers = /** @type {const} */ ({
  'got-cache miss': "got's own cache, a Map, miss",
  'got-cache hit': "got's own cache, a Map, hit",
  'make-fetch-happen miss': 'make-fetch-happen, miss',
  'make-fetch-happen hit': 'make-fetch-happen, hit',
  cacache: 'cacache.get.stream',
});

/** Beside which other caches a client is shown. @type {Readonly<Record<'axios' | 'got', readonly Name[]>>} */
const beside = {
  axios: ['make-fetch-happen miss', 'make-fetch-happen hit'],
  got: ['got-cache miss', 'got-cache hit', 'make-fetch-happen miss', 'make-fetch-happen hit'],
};

/** @type {import('../sections.mjs').Section} */
export const streams = {
  name: 'streams',
  about: 'a body of 256 MB through axios and got, into the disk store and out of it',
  async *run({ origin, folder, quick }) {
    const rounds = quick ? 2 : 5;
    const measured = await folder(async (path) => await measureStreams({ origin, folder: path, rounds }));
    for (const client of /** @type {const} */ (['axios', 'got'])) yield missSpeed(client, measured);
    yield hitSpeed(measured);
    for (const client of /** @type {const} */ (['axios', 'got'])) {
      yield processorTime(client, measured);
      yield memory(client, measured);
    }
  },
};

/** @typedef {ReadonlyMap<Name, readonly Measured[]>} Runs */

/**
 * @param {'axios' | 'got'} client
 * @param {Runs} runs
 * @returns {import('../result.mjs').Comparison}
 */
function missSpeed(client, runs) {
  const names = /** @type {Name[]} */ ([`${client} alone`, `${client} hashed`, `${client} miss`]);
  const others = beside[client].filter((name) => name.endsWith('miss'));
  return {
    id: `stream-${client}-miss`,
    title: `256 MB through ${client}, not stored yet`,
    unit: 'MB/s',
    better: 'more',
    rows: ratioRows(runs, [...names, ...others], 'megabytesPerSecond', { [`${client} miss`]: 0.5 }),
  };
}

/**
 * @param {Runs} runs
 * @returns {import('../result.mjs').Comparison}
 */
function hitSpeed(runs) {
  /** @type {Name[]} */
  const names = ['raw file', 'axios hit', 'got hit', 'got-cache hit', 'make-fetch-happen hit', 'cacache'];
  return {
    id: 'stream-hit',
    title: '256 MB out of the disk store, beside a file in chunks of 64 KB',
    unit: 'MB/s',
    better: 'more',
    rows: ratioRows(runs, names, 'megabytesPerSecond', { 'axios hit': 1, 'got hit': 1 }),
  };
}

/**
 * @param {'axios' | 'got'} client
 * @param {Runs} runs
 * @returns {import('../result.mjs').Comparison}
 */
function processorTime(client, runs) {
  return {
    id: `stream-${client}-processor`,
    title: `Processor time of 256 MB through ${client}`,
    unit: 'ms',
    better: 'less',
    rows: ratioRows(runs, namesOf(client), 'processorMs'),
  };
}

/**
 * @param {'axios' | 'got'} client
 * @param {Runs} runs
 * @returns {import('../result.mjs').Comparison}
 */
function memory(client, runs) {
  const median = (/** @type {Name} */ name) => growth(runs, name).median;
  return {
    id: `stream-${client}-memory`,
    title: `Growth of memory during 256 MB through ${client}`,
    unit: 'MB',
    better: 'less',
    rows: namesOf(client).map((name) => ({
      ...labels(name),
      value: growth(runs, name),
      difference: median(name) - median(`${client} alone`),
      goal: name === `${client} miss` || name === `${client} hit` ? 16 : undefined,
    })),
  };
}

/** @param {'axios' | 'got'} client @returns {Name[]} */
function namesOf(client) {
  return [`${client} alone`, `${client} hashed`, `${client} miss`, `${client} hit`, ...beside[client]];
}

/** @param {Runs} runs @param {Name} name */
function growth(runs, name) {
  return spread((runs.get(name) ?? []).map((one) => one.megabytesOfMemory));
}

/**
 * @param {Runs} runs
 * @param {readonly Name[]} names The first of them is the floor.
 * @param {'megabytesPerSecond' | 'processorMs'} figure
 * @param {Readonly<Partial<Record<string, number>>>} [goals]
 */
function ratioRows(runs, [floor, ...others], figure, goals = {}) {
  const figures = (/** @type {Name | undefined} */ name) =>
    name === undefined ? [] : (runs.get(name) ?? []).map((one) => one[figure]);
  const floors = figures(floor);
  return (floor === undefined ? others : [floor, ...others]).map((name) => ({
    ...labels(name),
    value: spread(figures(name)),
    ratio: spread(figures(name).map((value, round) => value / (floors[round] ?? NaN))),
    goal: goals[name],
  }));
}

/** @param {Name} name */
function labels(name) {
  const peer = Object.entries(peers).find(([one]) => one === name)?.[1];
  const client = /^(\w+) hashed$/u.exec(name)?.[1];
  const other = client === undefined ? peer : `${client} alone, hashed and written`;
  return { id: name.replaceAll(' ', '-'), name: other ?? name, peer: peer === undefined ? undefined : true };
}
