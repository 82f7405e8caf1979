import { buffer } from 'node:stream/consumers';
import type { HttpResponse, HttpResponseHead } from '../../src/core/message.ts';
import type { ResponsePolicy } from '../../src/core/policy-types.ts';
import type { ByteRange, StoredResponse, StreamingCacheManager } from '../../src/managers/manager.ts';

/** A head as an origin could have sent it. */
export function sampleHead(url = 'http://origin.test/'): HttpResponseHead {
  return {
    url,
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [
      ['Content-Type', 'text/plain'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ],
    trailers: [],
  };
}

/** A policy to go with it. */
export function samplePolicy(id = 'sample'): ResponsePolicy {
  return {
    v: 1,
    kind: 'response',
    id,
    method: 'GET',
    requestTime: 1_000,
    responseTime: 1_050,
    initialAgeMs: 0,
    freshness: { kind: 'explicit', lifetimeMs: 60_000 },
    directives: {
      noCache: false,
      noCacheFields: [],
      mustRevalidate: false,
      proxyRevalidate: false,
      immutable: false,
      public: true,
      staleWhileRevalidateMs: 0,
    },
    etag: '"v1"',
    selecting: [],
    credentials: null,
    epoch: '',
  };
}

/** A whole response. */
export function sampleResponse(body: Uint8Array | string, url?: string): HttpResponse {
  return { ...sampleHead(url), body: typeof body === 'string' ? Buffer.from(body) : body };
}

/** The body of a stored response, read from its stream. */
export async function bodyOf(
  manager: StreamingCacheManager,
  stored: StoredResponse,
  range?: ByteRange,
): Promise<Buffer> {
  return await buffer(manager.streamResponse(stored, range));
}

/** What a manager has stored under a key as text; `undefined` for nothing. */
export async function storedText(
  manager: StreamingCacheManager,
  cacheKey: string,
): Promise<string | undefined> {
  const stored = await manager.getStream(cacheKey);
  return stored === undefined ? undefined : (await bodyOf(manager, stored)).toString();
}
