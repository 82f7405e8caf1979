// @ts-check

/**
 * What a process can start with.
 *
 * @typedef {object} EntryPoint
 * @property {string} id
 * @property {string} name As it is imported.
 * @property {boolean} [esm] Whether it cannot be required.
 * @property {boolean} [peer]
 */

/**
 * The floor, ours, and others for scale.
 *
 * @type {readonly EntryPoint[]}
 */
export const entryPoints = [
  { id: 'axios', name: 'axios' },
  { id: 'got', name: 'got', esm: true },
  { id: 'http-larder', name: 'http-larder' },
  { id: 'http-larder-axios', name: 'http-larder/axios' },
  { id: 'http-larder-got', name: 'http-larder/got', esm: true },
  { id: 'http-larder-memory', name: 'http-larder/memory' },
  { id: 'http-larder-disk', name: 'http-larder/disk' },
  { id: 'http-larder-cacache', name: 'http-larder/cacache' },
  { id: 'http-larder-testing', name: 'http-larder/testing' },
  { id: 'axios-cache-interceptor', name: 'axios-cache-interceptor', peer: true },
  { id: 'make-fetch-happen', name: 'make-fetch-happen', peer: true },
  { id: 'cacache', name: 'cacache', peer: true },
  { id: 'undici', name: 'undici', peer: true },
];
