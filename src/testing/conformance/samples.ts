import { buffer } from 'node:stream/consumers';
import type { HttpResponse, HttpResponseHead } from '../../core/message.ts';
import type { IndexPolicy, ResponsePolicy } from '../../core/policy-types.ts';
import type {
  ByteRange,
  CacheManager,
  StoredResponse,
  StreamingCacheManager,
} from '../../managers/manager.ts';

/** A key as the engine makes them; for cases in which the key is not the matter. */
export const KEY = 'http://origin.test/resource';

/** Every byte value as a character: what a field value can hold. */
export const LATIN1: string = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');

/** A head with all that can get lost: order, case, repetition, emptiness, bytes. Another `name` makes another one. */
export function sampleHead(name: string = 'first'): HttpResponseHead {
  return {
    url: `http://origin.test/${name}?q=%C3%A9&q=2`,
    status: 203,
    statusText: `Fine, ${name}`,
    httpVersion: '1.1',
    headers: [
      ['Set-Cookie', 'b=2'],
      ['content-type', 'text/plain'],
      ['set-cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-Empty', ''],
      ['X-Bytes', LATIN1],
      ['__proto__', name],
      ['ETag', '"1"'],
    ],
    trailers: [
      ['Checksum', 'one'],
      ['checksum', 'two'],
    ],
    metadata: { name, list: [1, null, 'é', { deep: true }], 'a.b': -0.5 },
  };
}

/** A policy with every field there is. Another `id` makes another one. */
export function samplePolicy(id: string = 'first'): ResponsePolicy {
  return {
    v: 1,
    kind: 'response',
    id,
    method: 'GET',
    requestTime: 1_893_456_000_000,
    responseTime: 1_893_456_000_123.5,
    initialAgeMs: 4_000,
    freshness: { kind: 'heuristic', sinceLastModifiedMs: 86_400_000 },
    directives: {
      noCache: false,
      noCacheFields: ['set-cookie'],
      mustRevalidate: true,
      proxyRevalidate: false,
      immutable: false,
      public: true,
      staleWhileRevalidateMs: 30_000,
      staleIfErrorMs: 0,
    },
    etag: 'W/"\u00e9"',
    lastModified: 'Tue, 01 Jan 2030 00:00:00 GMT',
    selecting: [
      ['accept-encoding', 'gzip, br'],
      ['accept-language', null],
    ],
    credentials: null,
    epoch: 'e1',
    extra: { kept: ['as', 'it', 'is'] },
  };
}

/** A policy of the other kind. */
export function sampleIndex(): IndexPolicy {
  return {
    v: 1,
    kind: 'index',
    id: 'index',
    epoch: 'e2',
    invalidatedAt: 1_893_456_000_000,
    sets: [
      { names: ['accept', 'accept-encoding'], credentialed: false },
      { names: [], credentialed: true },
    ],
  };
}

/** A whole response. */
export function sampleResponse(body: Uint8Array | string, name?: string): HttpResponse {
  return { ...sampleHead(name), body: bytes(body) };
}

/** Bytes in memory of their own. */
export function bytes(content: Uint8Array | string): Uint8Array {
  return Uint8Array.from(Buffer.from(content));
}

/** So many bytes that do not repeat evenly. */
export function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7) & 0xff);
}

/** What a whole look-up found, as text; `undefined` for nothing. */
export async function textOf(manager: CacheManager, cacheKey: string): Promise<string | undefined> {
  const entry = await manager.get(cacheKey);
  return entry === undefined ? undefined : Buffer.from(entry.response.body).toString('latin1');
}

/** What a streaming look-up found, or an error that says that it found nothing. */
export async function lookUp(manager: StreamingCacheManager, cacheKey: string): Promise<StoredResponse> {
  const stored = await manager.getStream(cacheKey);
  if (stored === undefined) throw new Error(`getStream finds nothing under ${JSON.stringify(cacheKey)}`);
  return stored;
}

/** Reads the body of a stored response from its stream. */
export async function streamed(
  manager: StreamingCacheManager,
  stored: StoredResponse,
  range?: ByteRange,
): Promise<Buffer> {
  const stream = range === undefined ? manager.streamResponse(stored) : manager.streamResponse(stored, range);
  return await buffer(stream);
}

/** Stores through a writer, in chunks. */
export async function write(
  manager: StreamingCacheManager,
  cacheKey: string,
  content: { readonly chunks: readonly Uint8Array[]; readonly name?: string; readonly size?: number },
): Promise<boolean> {
  const { chunks, name, size } = content;
  const options = size === undefined ? {} : { size };
  const writer = await manager.putStream(cacheKey, sampleHead(name), samplePolicy(name), options);
  for (const chunk of chunks) await writer.write(chunk);
  return await writer.commit();
}

/** Tries to change plain data all the way down. What is frozen stays as it is, which is as good. */
export function spoil(data: unknown): void {
  if (typeof data !== 'object' || data === null) return;
  if (data instanceof Uint8Array) {
    data.fill(0x21);
    return;
  }
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === 'object') spoil(value);
    else Reflect.set(data, name, 'spoilt');
  }
  Reflect.set(data, Array.isArray(data) ? data.length : 'spoilt', 'spoilt');
}
