import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { isRequest, type Opened } from './request-seam.ts';

/** HTTP/2 streams whose body had not come to its end when they were closed. */
const cutOff = new WeakSet<object>();

/**
 * Minds whether the HTTP/2 stream of a request, which is yet to be ended, is reset before its body has come
 * to its end. With `NO_ERROR`, Node shows that like an end of the body (RFC 9113 §8.1).
 */
export function watchForReset(opened: Opened): Opened {
  if (isRequest(opened)) {
    opened.once('socket', () => {
      const stream = streamOf(opened);
      if (stream instanceof Readable) watch(stream);
    });
  }
  return opened;
}

/** Whether the HTTP/2 stream that an ended message came over was reset: it looks like one that ended. */
export function wasReset(origin: IncomingMessage): boolean {
  const request: unknown = Reflect.get(origin, 'req');
  const stream = typeof request === 'object' && request !== null ? streamOf(request) : undefined;
  if (typeof stream !== 'object' || stream === null) return false;
  return (Reflect.get(stream, 'rstCode') ?? 0) !== 0 || cutOff.has(stream);
}

/** The HTTP/2 stream of a request of http2-wrapper, or of got from version 16 on. */
function streamOf(request: object): unknown {
  return Reflect.get(request, '_request') ?? Reflect.get(request, 'stream');
}

/** What the origin sends as the end of a body is pushed while its stream is open, and by Node's own doing once it is closed. */
function watch(stream: Readable): void {
  const push = stream.push.bind(stream);
  let isEnded = false;
  stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk === null && !isEnded) {
      isEnded = true;
      if (stream.closed) cutOff.add(stream);
    }
    return push(chunk, encoding);
  };
}
