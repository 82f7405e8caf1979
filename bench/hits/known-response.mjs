// @ts-check
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/**
 * What the origin sends, as it is on the wire.
 *
 * @typedef {object} KnownResponse
 * @property {Readonly<Record<string, string | string[] | undefined>>} headers
 * @property {string[]} rawHeaders
 * @property {Buffer} body
 * @property {string} file That has the body.
 */

/**
 * Asks the origin for what a scenario is about.
 *
 * @param {{ origin: string, folder: string }} setting
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @returns {Promise<KnownResponse>}
 */
export async function knownResponse({ origin, folder }, { path, method }) {
  const sent = request(`${origin}${path}`, { method: method.toUpperCase() }).end();
  const [message] = await once(sent, 'response');
  const body = await buffer(message);
  const file = join(folder, 'body');
  await writeFile(file, body);
  return { headers: message.headers, rawHeaders: message.rawHeaders, body, file };
}

/**
 * Reads the body from its file, in chunks as long as those of a socket.
 *
 * @param {KnownResponse} response
 */
export async function bodyFromFile({ file }) {
  const chunks = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 64 * 1024 })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
