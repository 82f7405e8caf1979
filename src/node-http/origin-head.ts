import type { IncomingMessage } from 'node:http';
import type { FieldLine, FieldLines, ResponseHead } from '../core/message.ts';

/** What the wire said, copied before anybody can change the message. */
export function originHead(message: IncomingMessage): ResponseHead {
  // A request function of the user's, or a mock, may answer with a message of its own making, which has less.
  const { statusCode, statusMessage, httpVersion }: Partial<IncomingMessage> = message;
  return {
    status: statusCode ?? 0,
    statusText: statusMessage ?? '',
    httpVersion: httpVersion ?? '1.1',
    headers: headerLines(message),
  };
}

/** Pairs up Node's flat lists of names and values. */
export function pairedLines(flat: readonly string[]): FieldLines {
  const lines: FieldLine[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = flat[at] ?? '';
    // Over HTTP/2 the status is among them.
    if (!name.startsWith(':')) lines.push([name, flat[at + 1] ?? '']);
  }
  return lines;
}

function headerLines(message: IncomingMessage): FieldLines {
  const { headers, rawHeaders }: Partial<IncomingMessage> = message;
  if (rawHeaders !== undefined && rawHeaders.length > 0) return pairedLines(rawHeaders);
  const entries: [name: string, value: unknown][] = Object.entries(headers ?? {});
  return entries.flatMap(([name, value]) => [value].flat().map((one): FieldLine => [name, String(one)]));
}
