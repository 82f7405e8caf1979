// @ts-check
import { parseArgs } from 'node:util';

/** What `--help` prints. */
export const usage = `Usage: npm run demo [-- [--json] [--timeout SECONDS] [URL...]]

Drives axios and got through http-larder, with the memory manager and then with the disk manager
across a restart of the process, and prints what came from the origin and what from the cache.

Without a URL it starts an origin of its own on the loopback interface. With URLs it asks real sites,
each URL twice through each client and manager. One that cannot be reached is not asked for again.

  --json   print the same as JSON; to have nothing else on the standard output:
           npm run --silent demo -- --json
  --timeout SECONDS
           how long a request may take, its body included; by default 30
  --help   print this

Ends with
  0  when every body is what the origin sent, and nothing fresh was asked for again
  1  when that does not hold, or a URL could not be reached
  2  when the arguments are wrong`;

const defaultTimeoutSeconds = 30;
const maxTimeoutSeconds = 3600;

const options = /** @type {const} */ ({
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  timeout: { type: 'string' },
});

/**
 * What the command line asks for.
 *
 * @typedef {object} Arguments
 * @property {boolean} json
 * @property {boolean} help
 * @property {number} timeoutMs For each request.
 * @property {URL[]} urls
 */

/**
 * Reads the command line.
 *
 * @param {string[]} args
 * @returns {Arguments}
 * @throws {TypeError} One sentence that names what is wrong.
 */
export function readArguments(args) {
  // Not strict, because parseArgs's own complaint about an unknown option is several sentences.
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  /** @type {Arguments} */
  const read = { json: false, help: false, timeoutMs: defaultTimeoutSeconds * 1000, urls: [] };
  for (const token of tokens) {
    if (token.kind === 'positional') read.urls.push(httpUrl(token.value));
    else if (token.kind === 'option' && token.name === 'timeout') {
      read.timeoutMs = milliseconds(token.value ?? '');
    } else if (token.kind === 'option') {
      if (token.name !== 'json' && token.name !== 'help') {
        throw new TypeError(`Unknown option ${token.rawName}: give --json, --timeout, --help or URLs.`);
      }
      if (token.value !== undefined) throw new TypeError(`The option ${token.rawName} takes no value.`);
      read[token.name] = true;
    }
  }
  return read;
}

/** @param {string} seconds */
function milliseconds(seconds) {
  const milliseconds = Math.round(Number(seconds) * 1000);
  if (milliseconds > 0 && milliseconds <= maxTimeoutSeconds * 1000) return milliseconds;
  throw new TypeError(
    `--timeout ${seconds} is not a time to wait: give a number of seconds, at most ${maxTimeoutSeconds}.`,
  );
}

/** @param {string} text */
function httpUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined) url.hash = '';
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new TypeError(`${text} is not a URL to visit: give one that starts with http:// or https://.`);
}
