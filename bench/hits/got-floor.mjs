// @ts-check
import { textOf } from './content.mjs';
import { bodyFromFile } from './known-response.mjs';
import { MessageAtHand } from './message-at-hand.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./known-response.mjs').KnownResponse} KnownResponse */
/** @typedef {import('./ways.mjs').Way} Way */

/**
 * What got takes in any case: the same request to a hook that has the response at hand. Where it is validated, it is got
 * asking with the validator, and the text at hand for the 304.
 *
 * @param {import('got').Got} alone
 * @param {Scenario} scenario
 * @param {{ url: string, known: KnownResponse }} setting
 * @param {(instance: () => import('got').Got, scenario: Scenario, url: string) => Pick<Way, 'ask' | 'read'>} asker
 * @returns {Way}
 */
export function gotFloor(alone, scenario, { url, known }, asker) {
  if (scenario.validated) {
    const text = textOf(known);
    const headers = { 'If-None-Match': String(known.headers['etag']) };
    const { ask, read } = asker(() => alone, { ...scenario, headers }, url);
    const name = 'floor: got asks for a 304, and has the text';
    return {
      id: 'floor',
      name,
      ask: async () => Object.assign(await ask(), { body: JSON.parse(text) }),
      read,
    };
  }
  const instance = alone.extend({ hooks: { beforeRequest: [hookWith(scenario, known)] } });
  const name = `floor: a hook that ${scenario.fromFile ? 'reads the file' : 'has the response'}`;
  return { id: 'floor', name, ...asker(() => instance, scenario, url) };
}

/**
 * @param {Scenario} scenario
 * @param {KnownResponse} known
 */
function hookWith({ fromFile }, known) {
  // Got's type wants all that Node's own messages have.
  if (!fromFile) return /** @type {() => any} */ (() => new MessageAtHand(known));
  return async () => /** @type {any} */ (new MessageAtHand({ ...known, body: await bodyFromFile(known) }));
}
