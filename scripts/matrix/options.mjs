// @ts-check
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * What is to be run.
 *
 * @typedef {object} MatrixOptions
 * @property {readonly string[]} axios Versions of axios, as npm takes them: `1.5.0`, `1.12`, `1`.
 * @property {readonly string[]} got Versions of got.
 * @property {readonly string[]} node Versions of Node.js.
 * @property {readonly string[]} typescript Versions of TypeScript.
 * @property {boolean} rest Whether the tests that are of neither client are run.
 * @property {boolean} memory Whether the tables of the clients are run without a cache and with one in memory only.
 * @property {boolean} fresh Whether what an earlier run installed is installed anew.
 * @property {boolean} resume Whether the results of an earlier run of the same tree are kept.
 * @property {boolean} readme Whether the table in the README is written.
 * @property {string} folder Where all of it is put.
 */

const all = {
  axios: ['1.5.0', '1.7', '1.12', '1.16', '1'],
  got: ['12', '13', '14', '15', '16'],
  node: ['20', '22', '24', '26'],
  typescript: ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6', '7'],
};

const quick = { axios: ['1.5.0', '1'], got: ['12', '16'], node: ['20', '26'], typescript: ['5.4', '7'] };

export const usage = `npm run matrix -- [options]

Runs the tests of each client with its versions, and all others once, on versions of Node.js, and checks the types of the
package that was built with versions of TypeScript.

  --axios 1.5.0,1   versions of axios, or "none"    (default ${all.axios.join()})
  --got 14,16       versions of got, or "none"      (default ${all.got.join()})
  --node 20,22      versions of Node.js             (default ${all.node.join()})
  --typescript 5.4  versions of TypeScript, or "none"
                    (default ${all.typescript.join()})
  --no-rest         leaves out the tests that are of neither client
  --memory          leaves the caches on disk out of the clients' tables: less than half the time
  --quick           the oldest and the newest versions only, with --memory and --no-rest
  --fresh           installs anew what an earlier run installed
  --resume          keeps what an earlier run of the same tree found
  --readme          writes the tables into README.md
  --folder PATH     works there (default: http-larder-matrix in the system's temporary folder)

Ends with 1 when a test fails that scripts/matrix/listed-differences.mjs does not list, or one passes that it does.`;

/**
 * Reads the command line; `undefined` when help was asked for.
 *
 * @param {string[]} args
 * @returns {MatrixOptions | undefined}
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      axios: { type: 'string' },
      got: { type: 'string' },
      node: { type: 'string' },
      typescript: { type: 'string' },
      rest: { type: 'boolean' },
      memory: { type: 'boolean' },
      quick: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      folder: { type: 'string', default: join(tmpdir(), 'http-larder-matrix') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { fresh, resume, readme, folder } = values;
  const defaults = values.quick ? quick : all;
  return {
    axios: versions(values.axios) ?? defaults.axios,
    got: versions(values.got) ?? defaults.got,
    node: versions(values.node) ?? defaults.node,
    typescript: versions(values.typescript) ?? defaults.typescript,
    rest: values.rest ?? !values.quick,
    memory: values.memory ?? values.quick,
    fresh,
    resume,
    readme,
    folder,
  };
}

/** @param {string | undefined} list */
function versions(list) {
  return list === 'none' ? [] : list?.split(',');
}
