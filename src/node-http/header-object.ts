import type { IncomingHttpHeaders } from 'node:http';
import type { FieldLines } from '../core/message.ts';

/** Fields of which Node keeps only the first line. */
const firstLineOnly: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** Field lines as Node's `message.headers` has them, by its own rules for repeated fields. A new object at each call. */
export function headerObject(lines: FieldLines): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [rawName, value] of lines) {
    const name = rawName.toLowerCase();
    const before = headers[name];
    if (name === 'set-cookie') {
      if (Array.isArray(before)) before.push(value);
      else headers[name] = [value];
    } else if (typeof before !== 'string') headers[name] = value;
    else if (name === 'cookie') headers[name] = `${before}; ${value}`;
    else if (!firstLineOnly.has(name)) headers[name] = `${before}, ${value}`;
  }
  return headers;
}

/** Field lines as Node's `message.headersDistinct` has them. A new object at each call. */
export function distinctHeaderObject(lines: FieldLines): NodeJS.Dict<string[]> {
  const headers: NodeJS.Dict<string[]> = Object.create(null);
  for (const [rawName, value] of lines) (headers[rawName.toLowerCase()] ??= []).push(value);
  return headers;
}

/** Field lines as Node's `message.rawHeaders` has them. A new array at each call. */
export function flatLines(lines: FieldLines): string[] {
  return lines.flat();
}
