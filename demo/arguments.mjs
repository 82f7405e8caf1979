// @ts-check
import { parseArgs } from 'node:util';

/** What `--help` prints. */
export const usage = `Usage: npm run demo [-- [--json] [URL...]]

Drives axios and got through http-larder, with the memory manager and then with the disk manager
across a restart of the process, and prints what came from the origin and what from the cache.

Without a URL it starts an origin of its own on the loopback interface. With URLs it asks real sites,
each URL twice through each client and manager.

  --json   print the same as JSON; to have nothing else on the standard output:
           npm run --silent demo -- --json
  --help   print this

Ends with 1 when a body differs from what the origin sent, or when something that is fresh was asked
of the origin again; with 2 when the arguments are wrong.`;

const options = /** @type {const} */ ({ json: { type: 'boolean' }, help: { type: 'boolean' } });

/**
 * What the command line asks for.
 *
 * @typedef {object} Arguments
 * @property {boolean} json
 * @property {boolean} help
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
  const read = { json: false, help: false, urls: [] };
  for (const token of tokens) {
    if (token.kind === 'positional') read.urls.push(httpUrl(token.value));
    else if (token.kind === 'option') {
      if (token.name !== 'json' && token.name !== 'help') {
        throw new TypeError(`Unknown option ${token.rawName}: give --json, --help or URLs.`);
      }
      if (token.value !== undefined) throw new TypeError(`The option ${token.rawName} takes no value.`);
      read[token.name] = true;
    }
  }
  return read;
}

/** @param {string} text */
function httpUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined) url.hash = '';
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new TypeError(`${text} is not a URL to visit: give one that starts with http:// or https://.`);
}
