// @ts-check

/** @typedef {'memory' | 'disk'} ManagerName */

/**
 * One line of the table.
 *
 * @typedef {object} Row
 * @property {import('./start-app.mjs').ClientName} client
 * @property {ManagerName} manager
 * @property {boolean} restarted Whether another process filled the store.
 * @property {string} request
 * @property {number} status
 * @property {string} outcome
 * @property {string} reason
 * @property {string | null} notStored Why the cache did not store what the origin answered; `null` when it did, or was not to.
 * @property {number} ms Until the last byte of the body was decoded and digested.
 * @property {number} originRequests
 * @property {number} originBytes
 * @property {number} cacheBytes
 * @property {string} sha256 Digest of the decoded body.
 */

/**
 * @typedef {object} Totals
 * @property {number} requests
 * @property {number} requestsSaved Those that the store answered alone.
 * @property {number} originRequests
 * @property {number} originBytes
 * @property {number} bytesSaved Bytes of bodies that came from the store.
 * @property {number} msSaved Estimated: what those that were saved took less than the origin's answers to the same request.
 */

/**
 * @typedef {object} Report
 * @property {Row[]} rows
 * @property {Totals} totals
 * @property {string[]} faults What the cache did wrong, a sentence for each.
 * @property {Unreachable[]} unreachable
 */

/** A site that could not be reached. @typedef {{ url: string, reason: string }} Unreachable */

/**
 * The line for one visit.
 *
 * @param {import('./stages.mjs').Stage} stage
 * @param {import('./start-app.mjs').ClientName} client
 * @param {string} request
 * @param {import('./start-app.mjs').Reply} reply
 * @param {{ requests: number, bytes: number }} origin What reached the origin, and what it sent.
 * @returns {Row}
 */
export function rowOf({ manager, restarted }, client, request, reply, origin) {
  return {
    client,
    manager,
    restarted,
    request,
    status: reply.status,
    outcome: reply.info?.outcome ?? 'unknown',
    reason: reply.info?.reason ?? '',
    notStored: reply.info?.notStored ?? null,
    ms: reply.ms,
    originRequests: origin.requests,
    originBytes: origin.bytes,
    cacheBytes: reply.bytesStored,
    sha256: reply.sha256,
  };
}

/**
 * Who made a line, for sentences about it.
 *
 * @param {Row} row
 */
export function senderOf({ client, manager, restarted }) {
  return `${client} (${manager}${restarted ? ', restarted' : ''})`;
}

/**
 * What the cache failed at meanwhile, a sentence for each.
 *
 * @param {Row} row
 * @param {import('./start-app.mjs').Reply} reply
 */
export function cacheFaults(row, { faults }) {
  return faults.map((fault) => `${senderOf(row)}: the cache failed at ${fault}.`);
}

/**
 * Adds up.
 *
 * @param {readonly Row[]} rows
 * @returns {Totals}
 */
export function totals(rows) {
  const saved = rows.filter((row) => row.originRequests === 0);
  return {
    requests: rows.length,
    requestsSaved: saved.length,
    originRequests: sum(rows.map((row) => row.originRequests)),
    originBytes: sum(rows.map((row) => row.originBytes)),
    bytesSaved: sum(rows.map((row) => row.cacheBytes)),
    msSaved: sum(saved.map((row) => Math.max(0, missMs(rows, row.request) - row.ms))),
  };
}

/**
 * What the origin's answer to a request took, the fastest one: the first request of a process takes longer for other reasons.
 *
 * @param {readonly Row[]} rows
 * @param {string} request
 */
function missMs(rows, request) {
  const misses = rows.filter((row) => row.request === request && row.outcome === 'miss');
  return misses.length === 0 ? 0 : Math.min(...misses.map((row) => row.ms));
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
