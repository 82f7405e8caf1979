export { RedisManager } from './redis-manager.ts';
export type { RedisManagerOptions } from './redis-options.ts';
export type { IoredisClient, IoredisCluster } from './clients/ioredis.ts';
export type { NodeRedisClient, NodeRedisCluster, NodeRedisCommandOptions } from './clients/node-redis.ts';
export type { RedisClient } from './clients/port-of.ts';
export type { RedisArgument } from './redis-port.ts';
