// @ts-check
import { Readable } from 'node:stream';

/** The least that got takes for a response. */
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

  /**
   * @param {Uint8Array} body
   * @param {Pick<import('node:http').IncomingMessage, 'headers' | 'rawHeaders'>} head
   */
  constructor(body, { headers, rawHeaders }) {
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
