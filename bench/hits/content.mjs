// @ts-check
import { gunzipSync } from 'node:zlib';

/**
 * What a caller is to get of a response.
 *
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {import('./known-response.mjs').KnownResponse} response
 */
export function contentOf({ as }, response) {
  switch (as) {
    case 'json':
      return JSON.parse(textOf(response));
    case 'bytes':
      return response.body;
    case 'stream':
      return response.body.length;
    case 'nothing':
      return '';
    default:
      throw new Error(`No such content: ${String(as)}`);
  }
}

/**
 * The text of a response, unzipped.
 *
 * @param {import('./known-response.mjs').KnownResponse} response
 */
export function textOf({ headers, body }) {
  return String(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
}
