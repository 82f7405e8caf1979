// @ts-check
import { textOf } from './content.mjs';
import { bodyFromFile } from './known-response.mjs';
import { MessageAtHand } from './message-at-hand.mjs';
import { RequestAtHand } from './request-at-hand.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./ways.mjs').Way} Way */

/**
 * What axios takes in any case: the same request to an adapter that has the response at hand.
 *
 * - Where the response is zipped the adapter has the text; what axios takes that unzips it each time is there for scale.
 * - Where it is validated, it is axios asking with the validator, and the text at hand for the 304.
 *
 * @param {Scenario} scenario
 * @param {{ url: string, known: import('./known-response.mjs').KnownResponse }} setting
 * @param {(scenario: Scenario, config?: import('axios').CreateAxiosDefaults) => import('axios').AxiosInstance} client
 * @param {(instance: import('axios').AxiosInstance, scenario: Scenario, url: string) => Pick<Way, 'ask' | 'read'>} asker
 * @returns {Way[]}
 */
export function axiosFloor(scenario, { url, known }, client, asker) {
  const text = textOf(known);
  if (scenario.validated) {
    const instance = client(scenario, { validateStatus: (status) => status === 304 });
    const headers = { 'If-None-Match': String(known.headers['etag']) };
    const { ask, read } = asker(instance, { ...scenario, headers }, url);
    const name = 'floor: axios asks for a 304, and has the text';
    return [
      {
        id: 'floor',
        name,
        ask: async () => Object.assign(await ask(), { data: JSON.parse(text) }),
        read,
      },
    ];
  }
  const atHand = client(scenario, { adapter: adapterWith(scenario, known, text) });
  const zipped = known.headers['content-encoding'] !== undefined;
  const what = scenario.fromFile ? 'reads the file' : `has the ${zipped ? 'unzipped text' : 'response'}`;
  /** @type {Way[]} */
  const ways = [{ id: 'floor', name: `floor: an adapter that ${what}`, ...asker(atHand, scenario, url) }];
  if (zipped) {
    const unzipping = client(scenario, { transport: transportWith(known) });
    const name = "axios's adapter unzips what is at hand";
    ways.push({ id: 'unzipping', name, ...asker(unzipping, scenario, url) });
  }
  return ways;
}

/**
 * @param {Scenario} scenario
 * @param {import('./known-response.mjs').KnownResponse} known
 * @param {string} text
 * @returns {import('axios').AxiosAdapter}
 */
function adapterWith({ as, fromFile }, known, text) {
  // Each caller is to have an object of its own.
  const data = {
    json: () => text,
    bytes: () => (fromFile ? bodyFromFile(known) : Buffer.from(known.body)),
    stream: () => new MessageAtHand(known),
    nothing: () => '',
  }[as];
  const headers = /** @type {import('axios').RawAxiosResponseHeaders} */ (known.headers);
  return async (config) => ({
    data: await data(),
    status: 200,
    statusText: 'OK',
    headers: { ...headers },
    config,
  });
}

/** @param {import('./known-response.mjs').KnownResponse} known */
function transportWith(known) {
  return {
    request: (/** @type {unknown} */ _options, /** @type {(message: MessageAtHand) => void} */ answer) =>
      new RequestAtHand(known, answer),
  };
}
