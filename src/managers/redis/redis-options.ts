import { quoted, refuseUnknownOptions, wholeNumber } from '../manager-options.ts';
import { portOf, type RedisClient } from './clients/port-of.ts';
import type { RedisPort } from './redis-port.ts';
import type { Retention } from './retention.ts';
import { CHUNK_SIZE } from './stored-entry.ts';

/** Options of a {@link RedisManager}. */
export interface RedisManagerOptions {
  /**
   * The client, which stays yours: connected, configured and closed by you. Of the package `redis` (5 or later) what
   * `createClient()` or `createCluster()` gives, of `ioredis` (5 or later) a `Redis` without `keyPrefix`, or a `Cluster`.
   */
  readonly client: RedisClient;
  /**
   * What all keys begin with. Stores with different prefixes on one server know nothing of each other.
   * @defaultValue `'http-larder'`
   */
  readonly prefix?: string;
  /**
   * The largest body, in bytes. How much is kept in all is up to the server, by its `maxmemory`.
   * @defaultValue 64 MiB
   */
  readonly maxEntrySize?: number;
  /**
   * The largest body that is kept with its entry, and read by one command, in bytes; at most 256 KiB. Larger ones are kept in
   * chunks of 256 KiB and streamed.
   * @defaultValue 256 KiB
   */
  readonly inlineMax?: number;
  /**
   * For how long past its freshness lifetime a response is kept that no request can validate, in milliseconds: it may stand in
   * when the origin cannot be reached. `stale-while-revalidate` and `stale-if-error` prolong that; `must-revalidate` ends it.
   * @defaultValue 24 hours, as `maxStaleIfDisconnected`
   */
  readonly keepStale?: number;
  /**
   * For how long past its freshness lifetime a response with an `ETag` or `Last-Modified` is kept, in milliseconds: a 304 makes
   * it fresh again.
   * @defaultValue 7 days
   */
  readonly keepValidatable?: number;
}

/** The options with their defaults. */
export interface CheckedRedisOptions {
  readonly port: RedisPort;
  readonly prefix: string;
  readonly maxEntrySize: number;
  readonly inlineMax: number;
  readonly retention: Retention;
}

const HOUR = 60 * 60 * 1000;

/** What a hash tag is written with: braces of a prefix would put all keys on one server of a cluster. */
const UNUSABLE = /[{}\s]/;

/** @throws TypeError or RangeError for an option that is unknown or cannot be used. */
export function checkRedisOptions(owner: string, options: RedisManagerOptions): CheckedRedisOptions {
  refuseUnknownOptions(owner, options, [
    'client',
    'prefix',
    'maxEntrySize',
    'inlineMax',
    'keepStale',
    'keepValidatable',
  ]);
  const { prefix = 'http-larder' } = options;
  if (typeof prefix !== 'string' || prefix === '' || UNUSABLE.test(prefix)) {
    throw new TypeError(
      `${owner}: prefix is ${quoted(prefix)}: give a text without spaces and braces, or leave it out for 'http-larder'`,
    );
  }
  const inlineMax = wholeNumber(options.inlineMax, {
    owner,
    unit: 'bytes',
    least: 0,
    name: 'inlineMax',
    fallback: CHUNK_SIZE,
  });
  if (inlineMax > CHUNK_SIZE) {
    throw new RangeError(`${owner}: inlineMax is ${inlineMax}: give at most ${CHUNK_SIZE} bytes`);
  }
  const time = { owner, unit: 'milliseconds', least: 0 };
  return {
    port: portOf(owner, options.client),
    prefix,
    maxEntrySize: wholeNumber(options.maxEntrySize, {
      owner,
      unit: 'bytes',
      least: 1,
      name: 'maxEntrySize',
      fallback: 64 * 1024 * 1024,
    }),
    inlineMax,
    retention: {
      keepStale: wholeNumber(options.keepStale, { ...time, name: 'keepStale', fallback: 24 * HOUR }),
      keepValidatable: wholeNumber(options.keepValidatable, {
        ...time,
        name: 'keepValidatable',
        fallback: 7 * 24 * HOUR,
      }),
    },
  };
}
