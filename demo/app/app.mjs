// @ts-check
// The application: a process with one cache, which axios and got share. It sends what the demo tells it to send.
import { HttpCache } from 'http-larder';
import { StreamingManager } from 'http-larder/disk';
import { MemoryManager } from 'http-larder/memory';
import { axiosClient } from './axios-client.mjs';
import { ByteMeter } from './byte-meter.mjs';
import { gotClient } from './got-client.mjs';

/**
 * What came of a visit, as a client sees it.
 *
 * @typedef {object} ClientReply
 * @property {number} status
 * @property {string} url Where redirects led.
 * @property {string} sha256 Digest of the decoded body.
 * @property {import('http-larder').CacheInfo | undefined} info
 */

/** @typedef {(visit: import('../visits.mjs').Visit, signal: AbortSignal) => Promise<ClientReply>} Client */

/**
 * What came of a visit, as the application tells of it.
 *
 * @typedef {object} Measured
 * @property {number} ms Until the last byte of the body.
 * @property {number} bytesReceived What arrived on the application's connections.
 * @property {number} bytesStored Length of the stored body that was the answer; 0 when there was none.
 * @property {readonly string[]} dropped URLs of responses that were on their way into the store and were dropped.
 * @property {readonly string[]} faults Faults of the cache, which the request did not notice.
 */

/** @typedef {ClientReply & Measured} Reply */

/** @type {string[]} */
let faults = [];
/** @type {string[]} */
let dropped = [];

const [folder] = process.argv.slice(2);
const cache = new HttpCache({
  manager: folder === undefined ? new MemoryManager() : new StreamingManager({ path: folder }),
  onEvent: (event) => {
    if (event.type === 'drop') dropped.push(event.url);
    if (event.type === 'error') faults.push(`${event.operation}: ${event.error.message}`);
  },
});
const meter = new ByteMeter();
/** @type {Record<import('../start-app.mjs').ClientName, Client>} */
const clients = { axios: axiosClient(cache, meter), got: gotClient(cache, meter) };

process.on('message', (/** @type {import('../start-app.mjs').Order} */ order) => void obey(order));

/** @param {import('../start-app.mjs').Order} order */
async function obey(order) {
  if (order === 'end') {
    await cache.close();
    process.exit();
  }
  const before = meter.bytesReceived();
  const signal = AbortSignal.timeout(order.timeoutMs);
  const start = performance.now();
  try {
    const reply = await clients[order.client](order.visit, signal);
    const ms = performance.now() - start;
    const bytesReceived = meter.bytesReceived() - before;
    tell({ ...reply, ms, bytesReceived, bytesStored: await storedSize(reply.info), dropped, faults });
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    tell({ failure: signal.aborted ? `no complete answer within ${order.timeoutMs / 1000} s` : failure });
  }
  dropped = [];
  faults = [];
}

/** @param {Reply | { failure: string }} answer */
function tell(answer) {
  process.send?.(answer);
}

/** @param {import('http-larder').CacheInfo | undefined} info */
async function storedSize(info) {
  if (info === undefined || info.outcome === 'miss' || info.outcome === 'bypass') return 0;
  for await (const entry of cache.entries()) if (entry.cacheKey === info.key) return entry.size;
  return 0;
}
