import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { hasRedis, anyRedis } from '../helpers/redis-server.ts';

const demo = fileURLToPath(new URL('../../demo/fleet.mjs', import.meta.url));

it.skipIf(!hasRedis)('the demo of two processes on one Redis shows what they share', async () => {
  await using server = await anyRedis();
  const { stdout } = await promisify(execFile)(process.execPath, [demo, server.url]);
  expect(stdout.trim().split('\n')).toEqual([
    'process A  GET  /page  miss (uri-miss)',
    'process B  GET  /page  hit (fresh)',
    'process B  POST /page  bypass (method)',
    'process A  GET  /page  miss (uri-miss)',
    'process B  GET  /page  hit (fresh)',
    'The origin was asked 3 times.',
  ]);
});
