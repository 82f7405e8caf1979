import { Cluster, Redis } from 'ioredis';
import { createClient, createClientPool, createSentinel } from 'redis';
import { describe, expect, it } from 'vitest';
import { RedisManager, type RedisManagerOptions } from '../../src/managers/redis/index.ts';

const client = createClient();

const refused: readonly (readonly [string, object, string])[] = [
  ['no client', {}, 'client is undefined'],
  ['a URL for a client', { client: 'redis://127.0.0.1' }, "client is 'redis://127.0.0.1'"],
  ['any object', { client: new Map() }, 'client is of another kind (Map)'],
  ['a pool', { client: createClientPool() }, 'client is a pool: give'],
  [
    'a client for Sentinel',
    { client: createSentinel({ name: 'a', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] }) },
    'client is for Sentinel, by the package redis: give',
  ],
  [
    'a promise of a client',
    { client: Promise.resolve(client) },
    'client is a promise, which has to be awaited',
  ],
  ['a class, without all that is in it', { client: Redis }, 'client is [Function]: give'],
  [
    'a client that names keys otherwise',
    { client: new Redis({ lazyConnect: true, keyPrefix: 'p:' }) },
    "has the keyPrefix 'p:'",
  ],
  [
    'a cluster that reads from replicas',
    { client: new Cluster([{ port: 1 }], { lazyConnect: true, scaleReads: 'slave' }) },
    "has the option scaleReads 'slave'",
  ],
  ['an unknown option', { client, ttl: 1 }, "has no option 'ttl'"],
  ['an empty prefix', { client, prefix: '' }, "prefix is ''"],
  ['a prefix with braces', { client, prefix: 'a{b}' }, "prefix is 'a{b}'"],
  ['a size of nothing', { client, maxEntrySize: 0 }, 'maxEntrySize is 0'],
  ['more with an entry than a chunk', { client, inlineMax: 262_145 }, 'inlineMax is 262145'],
  ['a time that is none', { client, keepStale: -1 }, 'keepStale is -1'],
  ['a time without end', { client, keepValidatable: Infinity }, 'keepValidatable is Infinity'],
];

describe('options of a RedisManager', () => {
  it.each(refused)('refuse %s, with what to do', (_name, options, told) => {
    const make = (): RedisManager => new RedisManager(options as RedisManagerOptions);
    expect(make).toThrow(told);
    expect(make).toThrow(/: give |: remove it|: make it without/);
  });

  it('take a cluster that reads from masters', () => {
    const masters = new Cluster([{ port: 1 }], { lazyConnect: true, scaleReads: 'master' });
    for (const each of [masters, new Cluster([{ port: 1 }], { lazyConnect: true })]) {
      expect(new RedisManager({ client: each }).scope).toBe('shared');
    }
  });

  it('have the errors of a client heard that nobody else hears, which would end the process', () => {
    const unheard = createClient();
    const heard = createClient().on('error', () => undefined);
    for (const each of [unheard, heard]) expect(new RedisManager({ client: each }).scope).toBe('shared');
    expect(() => unheard.emit('error', new Error('down'))).not.toThrow();
    expect(heard.listenerCount('error')).toBe(1);
  });
});
