// @ts-check
import { createReadStream } from 'node:fs';
import axios from 'axios';
import cacache from 'cacache';
import got from 'got';
import { installCache } from 'http-larder/axios';
import { gotCache } from 'http-larder/got';
import makeFetchHappen from 'make-fetch-happen';

/**
 * Where a body comes from.
 *
 * @typedef {object} Source
 * @property {Reader} reader
 * @property {string} [path] Of the file, or of the folder of another cache.
 */

/** @typedef {'axios' | 'got' | 'got-cache' | 'make-fetch-happen' | 'cacache' | 'file'} Reader */

/**
 * How a source is opened.
 *
 * @param {Source} source
 * @param {import('http-larder').HttpCache} [cache] Ours.
 * @returns {(url: string) => Promise<NodeJS.ReadableStream>}
 */
export function opener({ reader, path = '' }, cache) {
  switch (reader) {
    case 'axios': {
      const client = axios.create({ responseType: 'stream' });
      if (cache !== undefined) installCache(client, { cache });
      return async (url) => (await client.get(url)).data;
    }
    case 'got': {
      const client = cache === undefined ? got : got.extend(gotCache({ cache }));
      return async (url) => client.stream(url);
    }
    case 'got-cache': {
      const client = got.extend({ cache: new Map() });
      return async (url) => client.stream(url);
    }
    case 'make-fetch-happen': {
      const fetch = makeFetchHappen.defaults({ cachePath: path });
      return async (url) => asStream((await fetch(url)).body);
    }
    case 'cacache':
      return async (url) => asStream(cacache.get.stream(path, new URL(url).pathname));
    case 'file':
      return async () => createReadStream(path, { highWaterMark: 64 * 1024 });
    default:
      throw new Error(`No such reader: ${String(reader)}`);
  }
}

/**
 * Minipass is enough of a stream of Node for a pipeline, whatever its types say.
 *
 * @param {unknown} stream
 */
function asStream(stream) {
  return /** @type {NodeJS.ReadableStream} */ (stream);
}
