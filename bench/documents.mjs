// @ts-check
import { gzipSync } from 'node:zlib';
import { bytesBody, jsonBody } from './bodies.mjs';

/**
 * What the origin has under a path, whatever the query.
 *
 * @typedef {object} Document
 * @property {string | Buffer} body
 * @property {Readonly<Record<string, string>>} fields Header fields.
 * @property {number} [delayMs] How long the origin takes.
 */

const json = { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=86400' };
const bytes = { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'max-age=86400' };

const brief = { 'Cache-Control': 'max-age=1, stale-while-revalidate=86400' };

/** @type {ReadonlyMap<string, Document>} By path. */
export const documents = new Map([
  ['/json/1', { body: jsonBody(1), fields: json }],
  ['/json/10', { body: jsonBody(10), fields: json }],
  ['/bytes/1000', { body: bytesBody(1000), fields: bytes }],
  ['/gzip/1', { body: gzipSync(jsonBody(1)), fields: { ...json, 'Content-Encoding': 'gzip' } }],
  ['/vary/1', { body: jsonBody(1), fields: { ...json, Vary: 'Accept-Encoding' } }],
  ['/validated/1', { body: jsonBody(1), fields: { ...json, 'Cache-Control': 'max-age=0', ETag: '"1"' } }],
  ['/slow/1', { body: jsonBody(1), fields: json, delayMs: 50 }],
  ['/brief/1', { body: jsonBody(1), fields: { ...json, ...brief }, delayMs: 80 }],
]);
