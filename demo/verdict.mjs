// @ts-check
import { senderOf } from './report.mjs';

/**
 * What the origin can tell of a visit.
 *
 * @typedef {object} Evidence
 * @property {boolean} wasFresh Whether nobody needed to ask before the visit.
 * @property {readonly import('./origin/origin.mjs').Exchange[]} exchanges What it was asked during the visit.
 * @property {string | undefined} sha256 Digest of the body that it sent last.
 */

/**
 * What is wrong with an answer by what the origin knows, a sentence for each.
 *
 * @param {import('./report.mjs').Row} row
 * @param {Evidence} evidence
 * @returns {string[]}
 */
export function faultsOf(row, { wasFresh, exchanges, sha256 }) {
  const who = senderOf(row);
  const faults = exchanges.flatMap((exchange) => exchangeFaults(who, exchange));
  if (row.status >= 400) faults.push(`${who} was answered ${row.status} for ${row.request}.`);
  if (row.sha256 !== sha256) {
    faults.push(`${who} was given another body for ${row.request} than the origin sent.`);
  }
  if (exchanges.length === 0 && !wasFresh) {
    faults.push(`${who} did not ask the origin for ${row.request}, though nothing fresh was stored.`);
  }
  return faults;
}

/**
 * @param {string} who
 * @param {import('./origin/origin.mjs').Exchange} exchange
 */
function exchangeFaults(who, { path, freshForMs, needless }) {
  if (freshForMs > 0) {
    return [
      `${who} asked the origin again for ${path}, fresh for another ${Math.round(freshForMs / 1000)} s.`,
    ];
  }
  if (needless)
    return [`${who} asked the origin for all of ${path} again, instead of whether it had changed.`];
  return [];
}
