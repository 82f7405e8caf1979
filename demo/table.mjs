// @ts-check
import { styleText } from 'node:util';
import { Labels } from './labels.mjs';
import { latencyMs } from './origin/origin.mjs';

/**
 * Tells of what happens, as it happens.
 *
 * @typedef {object} Printer
 * @property {(stage: import('./stages.mjs').Stage) => void} stage
 * @property {(row: import('./report.mjs').Row) => void} row
 * @property {(client: import('./start-app.mjs').ClientName, request: string) => void} unreachable
 * @property {(report: import('./report.mjs').Report) => void} end
 */

/** Prints the report as data, once it is complete. @type {Printer} */
export const jsonPrinter = {
  stage: () => {},
  row: () => {},
  unreachable: () => {},
  end: (report) => console.log(JSON.stringify(report, undefined, 2)),
};

const widths = { client: 6, request: 30, outcome: 30, time: 8, origin: 11, cache: 10 };
const labels = new Labels(widths.request);

/** Prints a table of at most 100 columns. @type {Printer} */
export const tablePrinter = {
  stage({ manager, restarted, app }) {
    if (restarted) {
      print(`The process has ended. Process ${app.pid} opens the same folder:`, 'bold');
    } else {
      print(`\nProcess ${app.pid}, ${manager} manager`, 'bold');
      print(line('client', 'request', 'outcome', 'time', 'from origin', 'from cache'), 'underline');
    }
  },
  row(row) {
    const style = row.originRequests === 0 ? 'green' : row.outcome === 'revalidated' ? 'cyan' : undefined;
    const time = `${row.ms.toFixed(row.ms < 999 ? 1 : 0)} ms`;
    const request = labels.of(row.request);
    print(
      line(row.client, request, outcomeOf(row), time, bytes(row.originBytes), bytes(row.cacheBytes)),
      style,
    );
  },
  unreachable(client, request) {
    print(line(client, labels.of(request), 'not reached', '', '', ''), 'red');
  },
  end({ rows, totals, faults, unreachable }) {
    print(
      `\nSaved: ${totals.requestsSaved} of ${totals.requests} requests were answered by the cache alone;`,
      'bold',
    );
    print(
      `       ${bytes(totals.bytesSaved)} came from the cache, ${bytes(totals.originBytes)} from the origin;`,
    );
    print(`       about ${Math.round(totals.msSaved)} ms less to wait.`);
    for (const fault of faults) print(`WRONG: ${fault}`, 'red');
    for (const { url, reason } of unreachable) print(`NOT REACHED: ${url}: ${reason}`, 'red');
    if (rows.length > 0 && faults.length === 0) {
      print('Every body is what the origin sent (SHA-256), and nothing fresh was asked for again.', 'green');
    }
  },
};

const legend = `outcome: what the cache did (why), and why it did not store the answer.
time: until the body is unpacked and hashed, which is most of it for a large body, hit or miss.
from cache: the stored body that was the answer.`;

/** What the columns mean when the origin is the demo's own. */
export const loopbackNote = `The origin is on loopback, made ${latencyMs} ms slow.
${legend}
from origin: all bytes that it sent, counted there.`;

/** What the columns mean when sites are visited. */
export const sitesNote = `${legend}
from origin: all bytes that arrived on the connections.`;

/**
 * @param {string} client
 * @param {string} request
 * @param {string} outcome
 * @param {string} time
 * @param {string} origin
 * @param {string} cache
 */
function line(client, request, outcome, time, origin, cache) {
  return [
    client.padEnd(widths.client),
    request.padEnd(widths.request),
    outcome.padEnd(widths.outcome),
    time.padStart(widths.time),
    origin.padStart(widths.origin),
    cache.padStart(widths.cache),
  ]
    .join(' ')
    .trimEnd();
}

/**
 * What became of the request and, where it fits, why the answer is not stored.
 *
 * @param {import('./report.mjs').Row} row
 */
function outcomeOf({ outcome, reason, notStored }) {
  const outcomeAlone = `${outcome} (${reason})`;
  if (notStored === null) return outcomeAlone;
  const both = `${outcomeAlone}, ${notStored.replace('response-no-store', 'no-store')}`;
  return both.length <= widths.outcome ? both : outcomeAlone;
}

/** @param {number} count */
function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KiB`;
  return `${(count / 1024 / 1024).toFixed(1)} MiB`;
}

/**
 * @param {string} text
 * @param {Parameters<typeof styleText>[0]} [style] For terminals that have colours.
 */
export function print(text, style) {
  const colours = process.stdout.isTTY && process.stdout.hasColors();
  console.log(colours && style !== undefined ? styleText(style, text) : text);
}
