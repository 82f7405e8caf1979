// @ts-check
// Runs the clients' tests with versions of the clients on versions of Node.js, and checks the types with versions of TypeScript. Not part of the tests: it takes an hour.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installNode, packagesOf, runsOn } from './matrix/installation.mjs';
import { listedFor } from './matrix/listed-differences.mjs';
import { readOptions, usage } from './matrix/options.mjs';
import { writeReadme, writeTypesIntoReadme } from './matrix/readme.mjs';
import { isGood, judge } from './matrix/result.mjs';
import { runTests } from './matrix/run-tests.mjs';
import { tableOf } from './matrix/table.mjs';
import { digestOfTree, plantTree, plantTreeOfRest, prepareFolder, testFilesOf } from './matrix/tree.mjs';
import { checkTypes, lineOfTypes } from './matrix/types.mjs';

/**
 * A client in one version, or neither.
 *
 * @typedef {object} Subject
 * @property {'axios' | 'got' | 'rest'} client
 * @property {import('./matrix/installation.mjs').Installation | undefined} installation
 * @property {string} tree
 */

/** The rows of a table that are on disk. */
const onDisk = /a cache \(disk/;

const options = readOptions(process.argv.slice(2));
if (options === undefined) console.log(usage);
else process.exitCode = (await runMatrix(options)) ? 0 : 1;

/** @param {import('./matrix/options.mjs').MatrixOptions} options */
async function runMatrix(options) {
  const { folder, memory, resume } = options;
  prepareFolder(folder);
  const resultFile = join(folder, 'matrix.json');
  const tree = digestOfTree();
  const types = options.typescript.map((wanted) => {
    const result = checkTypes(wanted, options);
    console.log(lineOfTypes([result]));
    if (!result.isGood) console.log(result.output);
    return result;
  });
  if (options.readme && types.length > 0) writeTypesIntoReadme(types);
  const nodes = options.node.map((wanted) => installNode(wanted, options));
  const subjects = plantSubjects(options);
  /** @type {import('./matrix/result.mjs').Result[]} */
  const results = resume ? earlierResults(resultFile, { tree, memory }) : [];
  for (const node of nodes) {
    for (const subject of subjects) {
      const { client, installation } = subject;
      const version = installation?.version ?? '';
      if (installation !== undefined && !runsOn(installation, node)) continue;
      const isKnown = results.some(
        (one) => one.client === client && one.version === version && one.node === node.version,
      );
      if (isKnown) continue;
      const result = await run(subject, node, { tree, memory });
      results.push(result);
      writeFileSync(resultFile, `${JSON.stringify(results, undefined, 2)}\n`);
      tell(result);
    }
  }
  if (results.length > 0) console.log(`\n${tableOf(results)}\n\nIn full: ${resultFile}`);
  if (options.readme && results.length > 0) writeReadme(results);
  return results.every(isGood) && types.every((result) => result.isGood);
}

/**
 * @param {import('./matrix/options.mjs').MatrixOptions} options
 * @returns {Subject[]}
 */
function plantSubjects(options) {
  const clients = /** @type {const} */ (['axios', 'got']).flatMap((client) =>
    options[client].map((wanted) => {
      const installation = install(client, wanted, options);
      return { client, installation, tree: plantTree(installation.folder) };
    }),
  );
  if (!options.rest) return clients;
  return [...clients, { client: 'rest', installation: undefined, tree: plantTreeOfRest(options.folder) }];
}

/**
 * @param {Subject} subject
 * @param {import('./matrix/installation.mjs').NodeVersion} node
 * @param {Pick<import('./matrix/result.mjs').Result, 'tree' | 'memory'>} about
 */
async function run({ client, installation, tree }, node, about) {
  const version = installation?.version ?? '';
  const listed = listedFor(client, version, node.version);
  const absent = listed.filter(({ isRun }) => !isRun);
  const outcome = await runTests({
    tree,
    node,
    files: testFilesOf(client),
    without: [...absent.flatMap(({ tests }) => tests), ...(about.memory ? [onDisk] : [])],
  });
  const packages = installation === undefined ? {} : packagesOf(installation);
  const date = new Date().toISOString();
  return judge({ ...about, date, client, version, node: node.version, packages }, outcome, listed);
}

/** @param {import('./matrix/result.mjs').Result} result */
function tell(result) {
  const { client, version, node, passed, seconds, failures, gone } = result;
  const verdict = isGood(result) ? 'as expected' : `${failures.length} failed`;
  console.log(`${client} ${version} on Node.js ${node}: ${passed} passed, ${verdict}, in ${seconds} s`);
  for (const [title, failure] of new Map(failures.map((each) => [each.title, each]))) {
    console.log(
      `  failed: ${title}\n    ${failure.name}\n    ${failure.message.split('\n', 3).join('\n    ')}`,
    );
  }
  for (const what of gone) console.log(`  listed, but not found: ${what}`);
}

/**
 * @param {string} file
 * @param {Pick<import('./matrix/result.mjs').Result, 'tree' | 'memory'>} about
 * @returns {import('./matrix/result.mjs').Result[]}
 */
function earlierResults(file, { tree, memory }) {
  if (!existsSync(file)) return [];
  /** @type {import('./matrix/result.mjs').Result[]} */
  const results = JSON.parse(readFileSync(file, 'utf8'));
  return results.filter((result) => result.tree === tree && result.memory === memory);
}
