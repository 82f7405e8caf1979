import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { distinctHeaderObject, headerObject } from '../../src/node-http/header-object.ts';
import { pairedLines } from '../../src/node-http/origin-head.ts';

/** What Node makes of a head that is sent as it stands. */
async function receivedHead(fields: string): Promise<IncomingMessage> {
  const server = createServer((socket) => socket.end(`HTTP/1.1 200 OK\r\n${fields}\r\n\r\n`)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const request = get({ host: '127.0.0.1', port, agent: false });
  const [message]: IncomingMessage[] = await once(request, 'response');
  server.close();
  if (message === undefined) throw new Error('There was no response.');
  message.resume();
  return message;
}

const firstOnly = [
  'Age',
  'ETag',
  'Expires',
  'Last-Modified',
  'Location',
  'Retry-After',
  'Server',
  'Content-Type',
];

describe('header objects', () => {
  it.each([
    [
      'joins repeated fields',
      'A: 1\r\nB: x\r\na: 2\r\nVary: Accept\r\nVary: Cookie\r\nX-Empty: \r\nX-Empty: ',
    ],
    [
      'keeps the first of fields that stand once',
      firstOnly.map((name) => `${name}: 1\r\n${name}: 2`).join('\r\n'),
    ],
    ['collects Set-Cookie', 'Set-Cookie: a=1\r\nX: 1\r\nset-cookie: b=2'],
    ['joins Cookie its own way', 'Cookie: a=1\r\ncookie: b=2'],
    ['joins Date and Cache-Control', 'Date: Thu\r\nDate: Fri\r\nCache-Control: a\r\nCache-Control: b'],
    [
      'takes names that objects have anyway',
      '__proto__: a\r\nconstructor: b\r\ntoString: c\r\nconstructor: d',
    ],
  ])('%s, as Node does', async (_what, fields) => {
    const message = await receivedHead(fields);
    const lines = pairedLines(message.rawHeaders);
    const headers = headerObject(lines);
    expect(headers).toStrictEqual(message.headers);
    expect(Object.getPrototypeOf(headers)).toBe(Object.getPrototypeOf(message.headers));
    const distinct = distinctHeaderObject(lines);
    expect(Object.entries(distinct)).toStrictEqual(Object.entries(message.headersDistinct));
  });
});
