// @ts-check
import { request } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

/**
 * What the origin sends, as it is on the wire.
 *
 * @typedef {object} KnownResponse
 * @property {Readonly<Record<string, string | string[] | undefined>>} headers
 * @property {string[]} rawHeaders
 * @property {Buffer} body
 */

/**
 * Asks the origin for what a scenario is about.
 *
 * @param {string} origin
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @returns {Promise<KnownResponse>}
 */
export async function knownResponse(origin, { path, method }) {
  const sent = request(`${origin}${path}`, { method: method.toUpperCase() }).end();
  const [message] = await once(sent, 'response');
  return { headers: message.headers, rawHeaders: message.rawHeaders, body: await buffer(message) };
}
