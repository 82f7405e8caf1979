import type { OriginCall, Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';

type Lines = readonly (readonly [name: string, value: string])[];

/** What an origin has, which serves parts of it too. */
export interface Served {
  readonly body: string | Uint8Array;
  /** All fields but Date and those of a length. */
  readonly headers: Lines;
}

/** Serves a document as it is when a request comes: all of it, one range of it, or a 304. */
export function serving(current: () => Served): Route {
  return (call) => {
    const { body, headers } = current();
    const bytes = Buffer.from(body);
    const condition = call.request.headers['if-none-match'];
    const etag = headers.find(([name]) => name === 'ETag')?.[1];
    if (condition !== undefined && condition === etag) send(call, { status: 304, headers });
    else servePart(call, { bytes, headers, etag });
  };
}

function servePart(
  call: OriginCall,
  { bytes, headers, etag }: { bytes: Buffer; headers: Lines; etag: string | undefined },
): void {
  const { range = '', 'if-range': condition } = call.request.headers;
  const found = /^bytes=(\d*)-(\d*)$/.exec(range);
  if (found === null || call.request.method !== 'GET' || (condition !== undefined && condition !== etag)) {
    send(call, { headers, body: bytes });
    return;
  }
  const [, first = '', last = ''] = found;
  const start = first === '' ? bytes.length - Number(last) : Number(first);
  const end = first === '' || last === '' ? bytes.length - 1 : Number(last);
  if (start > end) {
    send(call, { status: 416, headers: [['Content-Range', `bytes */${bytes.length}`]], body: '' });
    return;
  }
  const contentRange = ['Content-Range', `bytes ${start}-${end}/${bytes.length}`] as const;
  send(call, { status: 206, headers: [...headers, contentRange], body: bytes.subarray(start, end + 1) });
}

/** Ten bytes that are fresh for a minute. */
export const tenBytes: Served = {
  body: '0123456789',
  headers: [
    ['Content-Type', 'text/plain'],
    ['Cache-Control', 'max-age=60'],
    ['ETag', '"ten"'],
  ],
};
