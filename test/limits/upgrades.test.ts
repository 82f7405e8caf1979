import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { rigOn } from '../node-http/caching-rig.ts';
import { HeldLimiter } from './held-limiter.ts';

it('a rate limiter is told of an upgraded connection as of one that got no response', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: jam\r\n\r\n');
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const rateLimiter = new HeldLimiter();
  const rig = rigOn(new MemoryManager(), { rateLimiter });
  const request = rig.open(`http://127.0.0.1:${port}/`, {
    headers: { connection: 'upgrade', upgrade: 'jam' },
  });
  const upgraded = once(request, 'upgrade');
  request.end();
  (await rateLimiter.next()).letThrough();
  const [response]: IncomingMessage[] = await upgraded;
  response?.socket.destroy();
  await new Promise(setImmediate);
  expect(rateLimiter.answers).toMatchObject([{ answer: { status: undefined } }]);
  await rateLimiter.answers[0]?.answer.ended;
  server.close();
});
