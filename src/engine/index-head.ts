import type { HttpResponseHead } from '../core/message.ts';

/** The head that an index is stored with, as managers know nothing but responses. */
export function indexHead(url: string): HttpResponseHead {
  return { url, status: 204, statusText: '', httpVersion: '1.1', headers: [], trailers: [] };
}

/** The URL of what the engine keeps for itself. */
export const ownUrl = 'http-larder:';
