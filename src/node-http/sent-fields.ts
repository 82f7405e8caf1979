import type { IncomingMessage, OutgoingHttpHeader } from 'node:http';
import type { FieldLine, FieldLines } from '../core/message.ts';

/** What a request can be asked, also one over HTTP/2. */
interface SentRequest {
  readonly getHeaderNames: () => string[];
  readonly getHeader: (name: string) => OutgoingHttpHeader | undefined;
}

/** The fields that the request for a response went out with; `undefined` where that is no request of Node's kind. */
export function sentFields(response: IncomingMessage): FieldLines | undefined {
  const request: unknown = Reflect.get(response, 'req');
  if (!isSentRequest(request)) return undefined;
  return request.getHeaderNames().flatMap((name): FieldLine[] => {
    const value = request.getHeader(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map((one) => [name, one]) : [[name, String(value)]];
  });
}

function isSentRequest(request: unknown): request is SentRequest {
  if (typeof request !== 'object' || request === null) return false;
  return typeof Reflect.get(request, 'getHeaderNames') === 'function' && 'getHeader' in request;
}
