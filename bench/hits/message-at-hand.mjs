// @ts-check
import { Readable } from 'node:stream';

/** The least that clients take for a response. */
export class MessageAtHand extends Readable {
  statusCode = 200;
  statusMessage = 'OK';
  httpVersion = '1.1';
  complete = true;
  headers;
  rawHeaders;
  trailers = {};
  /** @type {string[]} */
  rawTrailers = [];
  socket = null;
  #body;

  /** @param {Pick<import('./known-response.mjs').KnownResponse, 'headers' | 'rawHeaders' | 'body'>} response */
  constructor({ headers, rawHeaders, body }) {
    super();
    this.headers = { ...headers };
    this.rawHeaders = rawHeaders;
    this.#body = body;
  }

  /** Got sets this on its own too. */
  setTimeout() {
    return this;
  }

  /** @override */
  _read() {
    this.push(this.#body);
    this.push(null);
  }
}
