// @ts-check
import { readFileSync } from 'node:fs';

/** The clients, and the caches that ours is compared with. */
const others = ['axios', 'got', 'axios-cache-interceptor', 'cacache', 'make-fetch-happen', 'undici'];

/**
 * Which versions are compared, by name.
 *
 * @returns {Record<string, string>}
 */
export function versions() {
  return {
    node: process.version.slice(1),
    'http-larder': versionIn('../package.json'),
    ...Object.fromEntries(others.map((name) => [name, versionIn(`../node_modules/${name}/package.json`)])),
  };
}

/** @param {string} path Of a package.json, from this folder. */
function versionIn(path) {
  const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return version;
}
