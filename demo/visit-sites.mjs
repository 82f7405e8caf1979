// @ts-check
import { cacheFaults, rowOf, senderOf, totals } from './report.mjs';
import { stages } from './stages.mjs';
import { VisitError } from './start-app.mjs';
import { siteVisit } from './visits.mjs';

/** @typedef {import('./report.mjs').Row} Row */

/** How often each client visits: with the memory manager, and with the disk manager in each of its two processes. */
const rounds = { memory: 2, disk: 1 };

/**
 * Drives the application against real sites, each URL twice through each client and manager. What they sent is known
 * only from the answers that came from them. A URL that a client could not get once is not asked for again.
 *
 * @param {{ urls: readonly URL[], timeoutMs: number }} given
 * @param {import('./table.mjs').Printer} printer
 * @returns {Promise<import('./report.mjs').Report>}
 */
export async function visitSites({ urls, timeoutMs }, printer) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {string[]} */
  const faults = [];
  /** By URL. @type {Map<string, import('./report.mjs').Unreachable>} */
  const unreachable = new Map();
  let witness = new Witness();
  for await (const stage of stages()) {
    printer.stage(stage);
    if (!stage.restarted) witness = new Witness();
    for (const { client, visit } of visitsOf(urls, rounds[stage.manager])) {
      if (unreachable.has(visit.url)) continue;
      try {
        const reply = await stage.app.send(client, visit, timeoutMs);
        const bytes = reply.bytesReceived;
        const row = rowOf(stage, client, visit.name, reply, { requests: bytes === 0 ? 0 : 1, bytes });
        rows.push(row);
        faults.push(...cacheFaults(row, reply), ...witness.faults(row, reply));
        printer.row(row);
      } catch (error) {
        if (!(error instanceof VisitError)) throw error;
        unreachable.set(visit.url, { url: visit.url, reason: error.reason });
        printer.unreachable(client, visit.name);
      }
    }
  }
  return { rows, totals: totals(rows), faults, unreachable: [...unreachable.values()] };
}

/**
 * Who visits what, in order.
 *
 * @param {readonly URL[]} urls
 * @param {number} times How often each client visits each.
 */
function* visitsOf(urls, times) {
  for (const url of urls) {
    for (let round = 0; round < times; round += 1) {
      for (const client of /** @type {const} */ (['axios', 'got'])) yield { client, visit: siteVisit(url) };
    }
  }
}

/** Remembers what came from the sites while one store is in use. */
class Witness {
  /** By URL. @type {Map<string, Set<string>>} */
  #bodies = new Map();
  /** When what each client got of a URL stops being fresh, by URL and client. @type {Map<string, Map<string, number>>} */
  #freshUntil = new Map();

  /**
   * @param {Row} row
   * @param {import('./start-app.mjs').Reply} reply
   */
  faults(row, { url, info, dropped }) {
    const who = senderOf(row);
    /** @type {string[]} */
    const found = [];
    const bodies = this.#bodies.get(url) ?? new Set();
    this.#bodies.set(url, bodies);
    if (row.outcome === 'miss' || row.outcome === 'bypass') bodies.add(row.sha256);
    else if (!bodies.has(row.sha256)) {
      found.push(`${who} was given another body for ${url} than the site sent.`);
    }

    for (const gone of dropped) this.#freshUntil.delete(gone);
    const freshUntil = this.#freshUntil.get(url) ?? new Map();
    this.#freshUntil.set(url, freshUntil);
    const freshForMs = (freshUntil.get(row.client) ?? 0) - Date.now();
    if (freshForMs > 0 && row.outcome !== 'hit') {
      found.push(`${who} asked again for ${url}, fresh for another ${Math.round(freshForMs / 1000)} s.`);
    }
    const reusable = info !== undefined && (info.stored || row.outcome === 'hit') && !dropped.includes(url);
    freshUntil.set(row.client, reusable ? Date.now() + (info.freshForMs ?? 0) : 0);
    return found;
  }
}
