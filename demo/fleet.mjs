// @ts-check
// Two processes that share one cache in Redis: what one of them stored answers the other, and what one of them invalidates
// is gone for both.
//
//   npm run build && node demo/fleet.mjs redis://127.0.0.1:6379
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import process, { argv, env, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import got from 'got';
import { createClient } from 'redis';
import { cacheInfo, HttpCache } from 'http-larder';
import { gotCache } from 'http-larder/got';
import { RedisManager } from 'http-larder/redis';

const url = argv[2] ?? env['REDIS_URL'];
if (url === undefined) {
  console.error('Name a Redis: node demo/fleet.mjs redis://127.0.0.1:6379');
  exit(2);
}
await (process.send === undefined ? direct(url) : ask(url));

/**
 * What each of the two processes does: asks as it is told, by a cache in Redis.
 *
 * @param {string} redis
 */
async function ask(redis) {
  const client = createClient({ url: redis });
  await client.connect();
  const cache = new HttpCache({ manager: new RedisManager({ client, prefix: 'http-larder-demo' }) });
  const http = got.extend(gotCache({ cache }));
  /** @param {{ method: 'GET' | 'POST', page: string }} task */
  const answer = async ({ method, page }) => {
    const { outcome, reason } = cacheInfo(await http(page, { method })) ?? {};
    // The other process is asked next, and is to find what was stored.
    await cache.idle();
    process.send?.(`${outcome} (${reason})`);
  };
  process.on('message', (/** @type {{ method: 'GET' | 'POST', page: string }} */ task) => void answer(task));
  process.on('disconnect', () => client.destroy());
}

/**
 * Serves a page, starts the two processes and has them ask for it in turn.
 *
 * @param {string} redis
 */
async function direct(redis) {
  let asked = 0;
  const origin = createServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'Cache-Control': 'max-age=60', ETag: '"1"' }).end('a page');
  }).listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const address = origin.address();
  if (address === null || typeof address === 'string') throw new Error('The origin listens on no port');
  const page = `http://127.0.0.1:${address.port}/page`;

  const [a, b] = ['A', 'B'].map((name) => ({ name, child: fork(fileURLToPath(import.meta.url), [redis]) }));
  if (a === undefined || b === undefined) throw new Error('There are no processes');
  const steps = /** @type {const} */ ([
    [a, 'GET'],
    [b, 'GET'],
    [b, 'POST'],
    [a, 'GET'],
    [b, 'GET'],
  ]);
  for (const [{ name, child }, method] of steps) {
    child.send({ method, page });
    const [told] = await once(child, 'message');
    console.log(`process ${name}  ${method.padEnd(4)} /page  ${told}`);
  }
  console.log(`The origin was asked ${asked} times.`);
  a.child.disconnect();
  b.child.disconnect();
  origin.close();
}
