import { createHash } from 'node:crypto';
import { isError } from '../../core/is-error.ts';
import type { RedisArgument, RedisPort } from './redis-port.ts';

/** A script that changes several things in one step. All its keys lie on one server. */
interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/*
 * Where a script has no use for one of its keys, the entry's own is given. What takes memory comes first: a server that is full
 * refuses it before anything is changed.
 */

/**
 * Makes an entry visible in place of the revision that was expected (`''` for none).
 * Keys: entry, new body, old body. Gives 1; 0 when chunks are missing; the token that is there when it is another one.
 */
export const PUBLISH: Script = script(`
local current = redis.call('HGET', KEYS[1], 't') or ''
local expected, token, meta, ttl, grace, channel, change, chunks, body = unpack(ARGV)
if current ~= expected then return current end
if KEYS[2] ~= KEYS[1] then
  if redis.call('HLEN', KEYS[2]) ~= tonumber(chunks) then return 0 end
  redis.call('HSET', KEYS[1], 't', token, 'm', meta)
  redis.call('HDEL', KEYS[1], 'b')
  redis.call('PEXPIRE', KEYS[2], ttl + grace)
else
  redis.call('HSET', KEYS[1], 't', token, 'm', meta, 'b', body)
end
redis.call('PEXPIRE', KEYS[1], ttl)
if KEYS[3] ~= KEYS[1] and KEYS[3] ~= KEYS[2] then redis.call('PEXPIRE', KEYS[3], grace) end
redis.call('PUBLISH', channel, change)
return 1`);

/**
 * Replaces the metadata of the revision that was expected, and lets the body live as long.
 * Keys: entry, body. Gives 1; 0 when it is another revision, or its body is gone.
 */
export const UPDATE: Script = script(`
local expected, token, meta, ttl, grace, channel, change = unpack(ARGV)
if redis.call('HGET', KEYS[1], 't') ~= expected then return 0 end
if KEYS[2] ~= KEYS[1] and redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('UNLINK', KEYS[1])
  return 0
end
redis.call('HSET', KEYS[1], 't', token, 'm', meta)
redis.call('PEXPIRE', KEYS[1], ttl)
if KEYS[2] ~= KEYS[1] then redis.call('PEXPIRE', KEYS[2], ttl + grace) end
redis.call('PUBLISH', channel, change)
return 1`);

/**
 * Removes the revision that was expected; its body stays for those who read it.
 * Keys: entry, body. Gives 1; the token that is there when it is another one.
 */
export const REMOVE: Script = script(`
local expected, grace, channel, change = unpack(ARGV)
local current = redis.call('HGET', KEYS[1], 't') or ''
if current ~= expected then return current end
if redis.call('UNLINK', KEYS[1]) == 0 then return 1 end
if KEYS[2] ~= KEYS[1] then redis.call('PEXPIRE', KEYS[2], grace) end
redis.call('PUBLISH', channel, change)
return 1`);

/** Begins a body, which ends by itself. Keys: body. */
export const BEGIN: Script = script(`
redis.call('HSET', KEYS[1], '0', ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

/** Lets a body live for so long at least. Keys: body. */
export const PROLONG: Script = script(`
local left = redis.call('PTTL', KEYS[1])
if left ~= -2 and left < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return left`);

/**
 * Takes a lease. Keys: lease. Gives 1 when it was had, 2 when everybody has it, 0 when another has. Asked again by the same
 * holder, because the client did not hear of the first time, it gives 1.
 */
export const LEASE: Script = script(`
local holder = redis.call('GET', KEYS[1])
if holder == 'open' then return 2 end
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

/** Prolongs a lease that is still held. Keys: lease. */
export const RENEW: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

/** Ends a lease that is still held, or opens it to everybody for so many milliseconds. Keys: lease. */
export const RELEASE: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], 'open', 'PX', ARGV[2])
return 1`);

/** Runs a script where the server has it, and gives it to the server where not: after a restart, say. */
export async function run(
  port: RedisPort,
  { text, sha }: Script,
  keys: readonly [string, ...string[]],
  values: readonly (RedisArgument | number)[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...values.map(asArgument)];
  try {
    return await port.send(keys[0], ['EVALSHA', sha, ...rest]);
  } catch (error) {
    if (!isError(error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return port.send(keys[0], ['EVAL', text, ...rest]);
  }
}

function asArgument(value: RedisArgument | number): RedisArgument {
  return typeof value === 'number' ? String(value) : value;
}
