// @ts-check
// One large body, in a process of its own, so that the memory it takes is told apart from all else. Tells the parent.
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import axios from 'axios';
import got from 'got';
import { installCache } from 'http-larder/axios';
import { gotCache } from 'http-larder/got';
import { bodySize } from '../bodies.mjs';
import { diskCache } from '../caches.mjs';
import { collectGarbage } from '../collect-garbage.mjs';

/** How often memory is looked at, in milliseconds. */
const interval = 5;

/** @typedef {import('./section.mjs').Scenario} Scenario */

process.once('message', (/** @type {Scenario} */ scenario) => {
  measure(scenario).then(
    (measured) => process.send?.(measured, () => process.exit()),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});

/** @param {Scenario} scenario */
async function measure({ source, origin, folder }) {
  const cache = folder === undefined ? undefined : diskCache(folder);
  const open = { file: openFile, axios: axiosStream(cache), got: gotStream(cache) }[source.reader];
  // What is compiled and allocated once is not to be counted.
  for (let time = 0; time < 3; time += 1) await drain(await open(`${origin}/json/10`, source.file));

  collectGarbage();
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, interval);
  const start = performance.now();
  const length = await drain(await open(`${origin}/large`, source.file));
  const seconds = (performance.now() - start) / 1000;
  clearInterval(sampler);
  peak = Math.max(peak, process.memoryUsage.rss());
  await cache?.close();

  if (length !== bodySize) throw new Error(`${length} bytes came of ${bodySize}`);
  return { megabytesPerSecond: length / 1e6 / seconds, megabytesOfMemory: (peak - before) / 1e6 };
}

/**
 * @param {string} _url
 * @param {string} [file]
 */
async function openFile(_url, file = '') {
  return createReadStream(file, { highWaterMark: 64 * 1024 });
}

/** @param {import('http-larder').HttpCache | undefined} cache */
function axiosStream(cache) {
  const client = axios.create({ responseType: 'stream' });
  if (cache !== undefined) installCache(client, { cache });
  return async (/** @type {string} */ url) => (await client.get(url)).data;
}

/** @param {import('http-larder').HttpCache | undefined} cache */
function gotStream(cache) {
  const client = cache === undefined ? got : got.extend(gotCache({ cache }));
  return async (/** @type {string} */ url) => client.stream(url);
}

/**
 * Reads a stream to its end.
 *
 * @param {import('node:stream').Readable} stream
 * @returns {Promise<number>} How many bytes came.
 */
async function drain(stream) {
  let length = 0;
  const sink = new Writable({
    write(chunk, _encoding, callback) {
      length += chunk.length;
      callback();
    },
  });
  await pipeline(stream, sink);
  return length;
}
