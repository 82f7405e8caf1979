// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A package with what it brings along, in a folder of its own.
 *
 * @typedef {object} Installation
 * @property {string} folder Where it is: `node_modules` is in there.
 * @property {string} version
 * @property {string | undefined} engine The versions of Node.js that it asks for.
 */

/**
 * A version of Node.js.
 *
 * @typedef {object} NodeVersion
 * @property {string} version
 * @property {string} executable
 */

/**
 * Installs a package from npm, unless it is there already.
 *
 * @param {string} name
 * @param {string} wanted A version, or a part of one for the newest that begins so.
 * @param {{ readonly folder: string, readonly fresh: boolean }} options
 * @returns {Installation}
 */
export function install(name, wanted, { folder, fresh }) {
  const own = join(folder, `${name}-${wanted}`);
  const manifest = join(own, 'node_modules', name, 'package.json');
  if (fresh || !existsSync(manifest)) {
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'package.json'), '{ "private": true }\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['install', `${name}@${wanted}`, '--prefix', own, ...quiet], {
      cwd: own,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const { version, engines } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { folder: own, version, engine: engines?.node };
}

/**
 * Finds a version of Node.js: the one that runs this, or npm's package of it.
 *
 * @param {string} wanted
 * @param {{ readonly folder: string, readonly fresh: boolean }} options
 * @returns {NodeVersion}
 */
export function installNode(wanted, options) {
  const { node: present } = process.versions;
  if (`${present}.`.startsWith(`${wanted}.`)) return { version: present, executable: process.execPath };
  const name = `node-${process.platform}-${process.arch}`;
  const { folder, version } = install(name, wanted, options);
  return { version, executable: join(folder, 'node_modules', name, 'bin/node') };
}

/**
 * The packages of an installation, by name, to be told with a result.
 *
 * @param {Installation} installation
 * @returns {Record<string, string>}
 */
export function packagesOf({ folder }) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  /** @type {[string, { version: string }][]} */
  const entries = Object.entries(packages);
  return Object.fromEntries(
    entries.map(([path, { version }]) => [path.slice('node_modules/'.length), version]),
  );
}

/**
 * Whether a package runs on a version of Node.js. Clients ask for no more than `>=` a version.
 *
 * @param {Installation} installation
 * @param {NodeVersion} node
 */
export function runsOn({ engine }, { version }) {
  const least = engine?.match(/^>=\s*([\d.]+)$/)?.[1];
  return least === undefined || version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

/**
 * The folder of the executable, for `PATH`.
 *
 * @param {NodeVersion} node
 */
export function binaryFolder({ executable }) {
  return dirname(executable);
}
