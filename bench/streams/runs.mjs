// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import cacache from 'cacache';
import { askedOfOrigin } from '../asked-of-origin.mjs';
import { bodySize, jsonBody } from '../bodies.mjs';

/** @typedef {import('./scenario.mjs').Measured} Measured */
/** @typedef {import('./scenario.mjs').Scenario} Scenario */

/**
 * @typedef {'raw file' | 'axios alone' | 'axios hashed' | 'axios miss' | 'axios hit'
 *   | 'got alone' | 'got hashed' | 'got miss' | 'got hit'
 *   | 'got-cache miss' | 'got-cache hit' | 'make-fetch-happen miss' | 'make-fetch-happen hit' | 'cacache'} Name
 */

/**
 * A body of 256 MB out of every source, each time in a new process, in turn.
 *
 * @param {{ origin: string, folder: string, rounds: number }} setting
 * @returns {Promise<ReadonlyMap<Name, readonly Measured[]>>} Round by round.
 */
export async function measureStreams({ origin, folder, rounds }) {
  const sources = await fillSources(folder);
  /** @type {Map<Name, Measured[]>} */
  const measured = new Map();
  const note = (/** @type {Name} */ name, /** @type {Measured} */ one) =>
    measured.set(name, [...(measured.get(name) ?? []), one]);
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, source } of sources) note(name, await run({ origin, source }));
    for (const reader of /** @type {const} */ (['axios', 'got'])) {
      const source = { reader };
      note(`${reader} alone`, await run({ origin, source }));
      const file = join(folder, 'hashed');
      note(`${reader} hashed`, await run({ origin, source, file }));
      await rm(file);
      const { miss, hit } = await missAndHit({ origin, source, folder: join(folder, reader) });
      note(`${reader} miss`, miss);
      note(`${reader} hit`, hit);
    }
    const source = { reader: /** @type {const} */ ('got-cache') };
    note('got-cache miss', await run({ origin, source }));
    note('got-cache hit', await run({ origin, source, again: true }));
    const path = join(folder, 'other');
    const { miss, hit } = await missAndHit({ origin, source: { reader: 'make-fetch-happen', path } });
    note('make-fetch-happen miss', miss);
    note('make-fetch-happen hit', hit);
  }
  return measured;
}

/** What is told of a body that was not stored. @type {Measured} */
const unmeasured = { megabytesPerSecond: NaN, processorMs: NaN, megabytesOfMemory: NaN };

/**
 * Stores a body and reads it. Once more when it was not stored: on a slow disk a cache may have given up on it. Where that is
 * so each time, this round has no figures of it.
 *
 * @param {Scenario} scenario
 * @returns {Promise<{ miss: Measured, hit: Measured }>}
 */
async function missAndHit(scenario) {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const miss = await run(scenario);
    const before = await askedOfOrigin(scenario.origin);
    const hit = await run(scenario);
    const isHit = (await askedOfOrigin(scenario.origin)) === before;
    await rm(scenario.folder ?? scenario.source.path ?? '', { recursive: true });
    if (isHit) return { miss, hit };
  }
  return { miss: unmeasured, hit: unmeasured };
}

/**
 * What is there before anybody asks for it.
 *
 * @param {string} folder
 * @returns {Promise<readonly { name: Name, source: Scenario['source'] }[]>}
 */
async function fillSources(folder) {
  const file = join(folder, 'raw');
  await writeFile(file, Buffer.alloc(bodySize, 'http-larder '));
  const store = join(folder, 'cacache');
  await cacache.put(store, '/json/10', jsonBody(10));
  await pipeline(createReadStream(file), cacache.put.stream(store, '/large'));
  return [
    { name: 'raw file', source: { reader: 'file', path: file } },
    { name: 'cacache', source: { reader: 'cacache', path: store } },
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
