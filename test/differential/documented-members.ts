import { read, type Description } from './description.ts';

/** What Node documents of `http.ClientRequest` and `http.OutgoingMessage`; what there is of a connection left out. */
export const requestMembers: readonly string[] = [
  'abort',
  'aborted',
  'addTrailers',
  'appendHeader',
  'cork',
  'destroy',
  'destroyed',
  'emit',
  'end',
  'finished',
  'flushHeaders',
  'getHeader',
  'getHeaderNames',
  'getHeaders',
  'getRawHeaderNames',
  'hasHeader',
  'headersSent',
  'host',
  'maxHeadersCount',
  'method',
  'on',
  'once',
  'path',
  'pipe',
  'protocol',
  'removeHeader',
  'reusedSocket',
  'setHeader',
  'setHeaders',
  'setNoDelay',
  'setSocketKeepAlive',
  'setTimeout',
  'uncork',
  'writableCorked',
  'writableEnded',
  'writableFinished',
  'writableHighWaterMark',
  'writableLength',
  'writableObjectMode',
  'write',
];

/** What Node documents of `http.IncomingMessage`. */
export const messageMembers: readonly string[] = [
  'aborted',
  'complete',
  'destroy',
  'headers',
  'headersDistinct',
  'httpVersion',
  'method',
  'pipe',
  'rawHeaders',
  'rawTrailers',
  'read',
  'setTimeout',
  'statusCode',
  'statusMessage',
  'trailers',
  'trailersDistinct',
  'url',
];

/** Of what type each of these members is, so that one that is missing shows. */
export function memberTypes(of: unknown, names: readonly string[]): Description {
  return Object.fromEntries(names.map((name) => [name, typeof read(of, name)]));
}
