// @ts-check
import { readArguments, usage } from './arguments.mjs';
import { jsonPrinter, loopbackNote, print, sitesNote, tablePrinter } from './table.mjs';
import { visitLoopback } from './visit-loopback.mjs';
import { visitSites } from './visit-sites.mjs';

process.exitCode = await main();

/** Runs the demo, and gives its exit code. */
async function main() {
  let given;
  try {
    given = readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(messageOf(error));
    return 2;
  }
  const { help, json, timeoutMs, urls } = given;
  if (help) {
    print(usage);
    return 0;
  }
  const printer = json ? jsonPrinter : tablePrinter;
  if (!json) print(urls.length === 0 ? loopbackNote : sitesNote);
  try {
    const report =
      urls.length === 0
        ? await visitLoopback(timeoutMs, printer)
        : await visitSites({ urls, timeoutMs }, printer);
    printer.end(report);
    return report.faults.length === 0 && report.unreachable.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
