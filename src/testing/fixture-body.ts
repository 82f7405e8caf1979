import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import { fieldValue } from '../core/fields.ts';
import type { FieldLines } from '../core/message.ts';

interface Coding {
  readonly decode: (body: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;
  readonly encode: (body: Uint8Array) => Buffer;
}

const gzip: Coding = { decode: gunzipSync, encode: gzipSync };

const codings: ReadonlyMap<string, Coding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', { decode: inflateSync, encode: deflateSync }],
  ['br', { decode: brotliDecompressSync, encode: brotliCompressSync }],
]);

const longest = { maxOutputLength: 256 * 1024 * 1024 };

function codingOf(headers: FieldLines): Coding | undefined {
  return codings.get(fieldValue(headers, 'content-encoding')?.trim().toLowerCase() ?? '');
}

/** A body without its content coding, for people to read; `undefined` where it has none that can be undone and done again. */
export function decoded(headers: FieldLines, body: Uint8Array): Buffer | undefined {
  const coding = body.byteLength === 0 ? undefined : codingOf(headers);
  try {
    return coding?.decode(body, longest);
  } catch {
    return undefined;
  }
}

/** The reverse of {@link decoded}. */
export function encoded(headers: FieldLines, body: Uint8Array): Uint8Array {
  return codingOf(headers)?.encode(body) ?? body;
}

const endings: readonly (readonly [type: RegExp, ending: string])[] = [
  [/^[^/]+\/(.+\+)?json\b/, 'json'],
  [/^text\/html\b|^application\/xhtml\+xml\b/, 'html'],
  [/^[^/]+\/(.+\+)?xml\b/, 'xml'],
  [/^text\/(css|csv|markdown)\b/, '$1'],
  [/^(text|application)\/javascript\b/, 'js'],
  [/^text\//, 'txt'],
  [/^image\/(png|jpeg|gif|webp|avif)\b/, '$1'],
  [/^application\/(pdf|zip)\b/, '$1'],
  [/^application\/x-www-form-urlencoded\b/, 'txt'],
];

/** What the name of a file with such a body ends in, so that programs show it as what it is. */
export function endingOf(headers: FieldLines): string {
  const type = fieldValue(headers, 'content-type')?.trim().toLowerCase() ?? '';
  for (const [pattern, ending] of endings) {
    const match = pattern.exec(type);
    if (match !== null) return ending.replace('$1', match[1] ?? '');
  }
  return 'bin';
}
