// @ts-check
// One large body, in a process of its own, so that the memory it takes is told apart from all else. Tells the parent.
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodySize } from '../bodies.mjs';
import { diskCache } from '../caches.mjs';
import { collectGarbage } from '../collect-garbage.mjs';
import { hashedFile } from './hashed-file.mjs';
import { opener } from './open.mjs';

/** How often memory is looked at, in milliseconds. */
const interval = 5;

/** What is read again is given that long to be stored, which got's own cache does after the end. */
const untilStoredMs = 2000;

/**
 * One large body from one source.
 *
 * @typedef {object} Scenario
 * @property {import('./open.mjs').Source} source
 * @property {string} origin
 * @property {string} [folder] Of our disk manager; without it our cache is not there.
 * @property {string} [file] Where what is read is written to, and hashed, without a cache; removed by who gave it.
 * @property {boolean} [again] Whether it is read once more, and the second time measured; but the memory of both.
 */

/**
 * @typedef {object} Measured
 * @property {number} megabytesPerSecond
 * @property {number} processorMs Processor time, until it is stored too.
 * @property {number} megabytesOfMemory By how much it grew at most.
 */

process.once('message', (/** @type {Scenario} */ scenario) => {
  measure(scenario).then(
    (measured) => process.send?.(measured, () => process.exit()),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});

/**
 * @param {Scenario} scenario
 * @returns {Promise<Measured>}
 */
async function measure({ source, origin, folder, file, again }) {
  const cache = folder === undefined ? undefined : diskCache(folder);
  const open = opener(source, cache);
  // What is compiled and allocated once is not to be counted.
  for (let time = 0; time < 3; time += 1) await drain(await open(`${origin}/json/10`));

  const url = `${origin}/large`;
  const copy = file === undefined ? undefined : await hashedFile(file);
  collectGarbage();
  const peakOf = watchMemory();
  if (again) {
    await drain(await open(url));
    await sleep(untilStoredMs);
  }
  const used = process.cpuUsage();
  const start = performance.now();
  const length = await drain(await open(url), copy);
  const seconds = (performance.now() - start) / 1000;
  await copy?.close();
  await cache?.close();
  const { user, system } = process.cpuUsage(used);

  if (length !== bodySize) throw new Error(`${length} bytes came of ${bodySize}`);
  return {
    megabytesPerSecond: length / 1e6 / seconds,
    processorMs: (user + system) / 1000,
    megabytesOfMemory: peakOf() / 1e6,
  };
}

/** Gives what tells by how many bytes the resident set grew at most, from now on. */
function watchMemory() {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const sampler = setInterval(look, interval);
  return () => {
    clearInterval(sampler);
    look();
    return peak - before;
  };
}

/**
 * Reads a stream to its end, as into a file.
 *
 * @param {NodeJS.ReadableStream} stream
 * @param {Awaited<ReturnType<typeof hashedFile>>} [copy] Takes the chunks too.
 * @returns {Promise<number>} How many bytes came.
 */
async function drain(stream, copy) {
  let length = 0;
  const sink = new Writable({
    write(chunk, _encoding, callback) {
      length += chunk.length;
      const catchingUp = copy?.write(chunk);
      if (catchingUp === undefined) callback();
      else catchingUp.then(() => callback(), callback);
    },
  });
  await pipeline(stream, sink);
  return length;
}
