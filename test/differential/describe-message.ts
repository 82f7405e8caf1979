import { call, describeFields, read, type Describe, type Description } from './description.ts';

/**
 * What callers read from Node's own response object: `response.request.res` in axios, got's response, a `stream` body.
 * Its socket, its timings and its class are left out, for there is no connection on a hit.
 */
export function describeMessage(message: object, describe: Describe): Description {
  const member = (name: string): Description => describe(read(message, name));
  return {
    statusCode: member('statusCode'),
    statusMessage: member('statusMessage'),
    httpVersion: member('httpVersion'),
    httpVersionMajor: member('httpVersionMajor'),
    httpVersionMinor: member('httpVersionMinor'),
    headers: describeFields(read(message, 'headers')),
    headersDistinct: describeFields(read(message, 'headersDistinct')),
    rawHeaders: member('rawHeaders'),
    trailers: describeFields(read(message, 'trailers')),
    trailersDistinct: describeFields(read(message, 'trailersDistinct')),
    rawTrailers: member('rawTrailers'),
    complete: member('complete'),
    aborted: member('aborted'),
    destroyed: member('destroyed'),
    readable: member('readable'),
    readableEnded: member('readableEnded'),
    readableFlowing: member('readableFlowing'),
    readableEncoding: member('readableEncoding'),
    readableObjectMode: member('readableObjectMode'),
    errored: describe(read(message, 'errored')),
    url: member('url'),
    method: member('method'),
    responseUrl: member('responseUrl'),
    redirects: member('redirects'),
  };
}

/** What callers read from Node's own request object, or from the one of follow-redirects. */
export function describeRequest(request: unknown, describe: Describe): Description {
  if (typeof request !== 'object' || request === null) return describe(request);
  const member = (name: string): Description => describe(read(request, name));
  return {
    method: member('method'),
    path: member('path'),
    host: member('host'),
    protocol: member('protocol'),
    url: member('url'),
    currentUrl: member('_currentUrl'),
    requestHeaders: describeFields(call(request, 'getHeaders')),
    headerNames: describe(call(request, 'getHeaderNames')),
    rawHeaderNames: describe(call(request, 'getRawHeaderNames')),
    hasHost: describe(call(request, 'hasHeader', 'host')),
    hostHeader: describe(call(request, 'getHeader', 'Host')),
    aborted: member('aborted'),
    requestDestroyed: member('destroyed'),
    finished: member('finished'),
    headersSent: member('headersSent'),
    writable: member('writable'),
    writableEnded: member('writableEnded'),
    writableFinished: member('writableFinished'),
    maxHeadersCount: member('maxHeadersCount'),
  };
}
