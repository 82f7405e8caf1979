// @ts-check
import { startOrigin } from './origin/origin.mjs';
import { cacheFaults, rowOf, totals } from './report.mjs';
import { stages } from './stages.mjs';
import { faultsOf } from './verdict.mjs';
import { visits } from './visits.mjs';

/** @typedef {import('./report.mjs').Row} Row */

/**
 * Drives the application against the demo's own origin, which knows what it sent and for how long that is fresh.
 *
 * @param {number} timeoutMs For each request.
 * @param {import('./table.mjs').Printer} printer
 * @returns {Promise<import('./report.mjs').Report>}
 */
export async function visitLoopback(timeoutMs, printer) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {string[]} */
  const faults = [];
  const origin = await startOrigin();
  try {
    for await (const stage of stages()) {
      printer.stage(stage);
      if (!stage.restarted) origin.forget();
      for (const [index, visit] of visits(origin.url).entries()) {
        for (const client of clientsFor(visit, index)) {
          const { row, faults: found } = await visitOnce({ origin, stage, client, visit, timeoutMs });
          rows.push(row);
          faults.push(...found);
          printer.row(row);
        }
      }
    }
  } finally {
    await origin.close();
  }
  return { rows, totals: totals(rows), faults, unreachable: [] };
}

/**
 * Who visits, in turn: what one client stored, the other one finds. A change is made once.
 *
 * @param {import('./visits.mjs').Visit} visit
 * @param {number} index
 * @returns {import('./start-app.mjs').ClientName[]}
 */
function clientsFor(visit, index) {
  if (visit.method !== 'GET') return ['axios'];
  return index % 2 === 0 ? ['axios', 'got'] : ['got', 'axios'];
}

/**
 * @param {object} call
 * @param {import('./origin/origin.mjs').Origin} call.origin
 * @param {import('./stages.mjs').Stage} call.stage
 * @param {import('./start-app.mjs').ClientName} call.client
 * @param {import('./visits.mjs').Visit} call.visit
 * @param {number} call.timeoutMs
 * @returns {Promise<{ row: Row, faults: string[] }>}
 */
async function visitOnce({ origin, stage, client, visit, timeoutMs }) {
  const asked = { path: new URL(visit.url).pathname, headers: visit.headers };
  const wasFresh = visit.method === 'GET' && origin.ledger().freshForMs(asked) > 0;
  const bytesBefore = origin.bytesSent();
  const reply = await stage.app.send(client, visit, timeoutMs);
  const exchanges = origin.takeExchanges();
  const row = rowOf(stage, client, visit.name, reply, {
    requests: exchanges.length,
    bytes: origin.bytesSent() - bytesBefore,
  });

  const evidence = { wasFresh, exchanges, sha256: origin.ledger().sha256(asked) };
  return { row, faults: [...cacheFaults(row, reply), ...faultsOf(row, evidence)] };
}
