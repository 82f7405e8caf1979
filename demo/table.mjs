// @ts-check
import { styleText } from 'node:util';
import { latencyMs } from './origin/origin.mjs';

/**
 * Tells of what happens, as it happens.
 *
 * @typedef {object} Printer
 * @property {(stage: import('./stages.mjs').Stage) => void} stage
 * @property {(row: import('./report.mjs').Row) => void} row
 * @property {(report: import('./report.mjs').Report) => void} end
 */

/** Prints the report as data, once it is complete. @type {Printer} */
export const jsonPrinter = {
  stage: () => {},
  row: () => {},
  end: (report) => console.log(JSON.stringify(report, undefined, 2)),
};

const widths = { client: 6, manager: 7, request: 25, outcome: 24, time: 10, origin: 11, cache: 11 };

/** Prints a table of at most 100 columns. @type {Printer} */
export const tablePrinter = {
  stage({ manager, restarted, app }) {
    if (restarted) {
      print(`The process has ended. Process ${app.pid} opens the same folder:`, 'bold');
    } else {
      print(`\nProcess ${app.pid}, ${manager} manager`, 'bold');
      print(
        line('client', 'manager', 'request', 'outcome', 'time', 'from origin', 'from cache'),
        'underline',
      );
    }
  },
  row(row) {
    const outcome = `${row.outcome} (${row.reason})`;
    const { client, manager, request } = row;
    const style = row.originRequests === 0 ? 'green' : row.outcome === 'revalidated' ? 'cyan' : undefined;
    const time = `${row.ms.toFixed(1)} ms`;
    print(
      line(client, manager, request, outcome, time, bytes(row.originBytes), bytes(row.cacheBytes)),
      style,
    );
  },
  end({ totals, faults }) {
    print(
      `\nSaved: ${totals.requestsSaved} of ${totals.requests} requests were answered by the cache alone;`,
      'bold',
    );
    print(
      `       ${bytes(totals.bytesSaved)} came from the cache, ${bytes(totals.originBytes)} from the origin;`,
    );
    print(`       about ${Math.round(totals.msSaved)} ms less to wait.`);
    for (const fault of faults) print(`WRONG: ${fault}`, 'red');
    if (faults.length === 0) {
      print('Every body is what the origin sent (SHA-256), and nothing fresh was asked for again.', 'green');
    }
  },
};

/** What the loopback origin is like, for the reader of the table. */
export const loopbackNote = `The origin is on loopback, made ${latencyMs} ms slow.
from origin: all bytes that it sent, counted there. from cache: the stored body that was the answer.`;

/**
 * @param {string} client
 * @param {string} manager
 * @param {string} request
 * @param {string} outcome
 * @param {string} time
 * @param {string} origin
 * @param {string} cache
 */
function line(client, manager, request, outcome, time, origin, cache) {
  return [
    client.padEnd(widths.client),
    manager.padEnd(widths.manager),
    shorten(request, widths.request).padEnd(widths.request),
    outcome.padEnd(widths.outcome),
    time.padStart(widths.time),
    origin.padStart(widths.origin),
    cache.padStart(widths.cache),
  ].join(' ');
}

/**
 * @param {string} text
 * @param {number} width
 */
function shorten(text, width) {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
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
