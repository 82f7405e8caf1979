import { setTimeout as pause } from 'node:timers/promises';
import { isHttpCacheError } from '../../../../src/errors.ts';
import { monotonicNow } from './journal.ts';
import { LEFT_BEHIND } from './leftovers.ts';
import type { Random } from './random.ts';
import { bodyLength, bodyOf, toldBy, toldPolicy } from './told-response.ts';
import { readBody, type Reading, type Victim } from './victim.ts';

/** Something that is done with a store. */
interface Action {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  readonly perform: (victim: Victim, random: Random) => Promise<void>;
}

/** Whether an error is one that a store may answer with: there is no room, or the body was cut on purpose. */
export function isExpected(error: unknown): boolean {
  return isHttpCacheError(error) && error.code === 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE';
}

/** What a tortured process does. */
export const actions: readonly Action[] = [
  { name: 'put', weight: 18, perform: put },
  {
    name: 'putStream',
    weight: 14,
    perform: async (victim, random) => await stream(victim, random, 'commit'),
  },
  { name: 'abort', weight: 4, perform: async (victim, random) => await stream(victim, random, 'abort') },
  { name: 'forbid', weight: 3, perform: async (victim, random) => await stream(victim, random, 'forbid') },
  { name: 'cut', weight: 3, perform: async (victim, random) => await stream(victim, random, 'cut') },
  { name: 'get', weight: 16, perform: get },
  { name: 'stream', weight: 14, perform: async (victim, random) => await read(victim, random, 'whole') },
  { name: 'slowly', weight: 5, perform: async (victim, random) => await read(victim, random, 'slowly') },
  { name: 'partly', weight: 4, perform: async (victim, random) => await read(victim, random, 'partly') },
  { name: 'range', weight: 6, perform: async (victim, random) => await read(victim, random, 'range') },
  { name: 'release', weight: 3, perform: async (victim, random) => await read(victim, random, 'release') },
  { name: 'update', weight: 12, perform: update },
  { name: 'delete', weight: 4, perform: remove },
  { name: 'clear', weight: 0.03, perform: async (victim) => await clear(victim) },
  { name: 'entries', weight: 0.2, perform: list },
  { name: 'stats', weight: 0.5, perform: async (victim) => void (await victim.manager.stats()) },
  { name: 'verify', weight: 0.1, perform: async (victim) => await verify(victim) },
  { name: 'secret', weight: 0.5, perform: async (victim) => victim.secret() },
];

async function put(victim: Victim, random: Random): Promise<void> {
  const { told, response } = victim.newResponse(victim.key(random));
  await victim.publish(told, async () => await victim.manager.put(told.key, response, toldPolicy(told)));
}

/** Stores a body in chunks, which may be followed while they come, and ends it in one of the ways there are. */
async function stream(
  victim: Victim,
  random: Random,
  end: 'commit' | 'abort' | 'forbid' | 'cut',
): Promise<void> {
  const { told, response } = victim.newResponse(victim.key(random));
  const { body } = response;
  const isAnnounced = random.chance(0.5) || end === 'cut';
  const writer = victim.writer(told, isAnnounced ? body.length + (end === 'cut' ? 1 : 0) : undefined);
  if (end !== 'commit') victim.dropped(told);
  let follower: Promise<unknown> | undefined;
  try {
    const most = end === 'abort' ? random.below(body.length + 1) : body.length;
    for (let start = 0; start < most;) {
      const length = 1 + random.below(random.chance(0.5) ? 2_000 + body.length / 20 : 300_000);
      await writer.write(body.subarray(start, Math.min(start + length, most)));
      start += length;
      if (follower === undefined && random.chance(0.1)) {
        const from = random.below(Math.min(start, most));
        const followed = readBody(victim.manager.readWhileWriting(writer, from), told, {
          range: { start: from, end: body.length },
        });
        follower = followed.catch((error: unknown) => error);
      }
    }
    if (end === 'commit') await victim.publish(told, async () => await writer.commit());
    else if (end === 'forbid') await writer.commit({ onlyIf: () => Promise.resolve(false) });
    else if (end === 'cut') await mustBeIncomplete(writer.commit());
  } finally {
    await writer.abort();
  }
  const outcome = await follower;
  // A body that was whole is read whole, whatever came of its commit.
  if (outcome instanceof Error && !isIncomplete(outcome)) throw outcome;
}

async function get(victim: Victim, random: Random): Promise<void> {
  const key = victim.key(random);
  const begin = monotonicNow();
  const entry = await victim.manager.get(key);
  if (entry === undefined) return;
  const { body, ...head } = entry.response;
  const { put: name } = victim.saw(key, { head, policy: entry.policy }, begin);
  if (!Buffer.from(body).equals(bodyOf(key, name))) throw new Error(`${key} ${name} has a wrong body`);
}

async function read(
  victim: Victim,
  random: Random,
  how: 'whole' | 'slowly' | 'partly' | 'range' | 'release',
): Promise<void> {
  const found = await victim.find(victim.key(random));
  if (found === undefined) return;
  const { stored, told } = found;
  if (how === 'release') {
    stored.release();
    return;
  }
  // What becomes of the entry meanwhile does not touch the reader.
  if (how === 'slowly') await pause(random.below(40));
  const { size } = stored;
  if (how === 'range' && size > 0) {
    const start = random.below(size);
    const range = { start, end: start + random.below(size - start) };
    await readBody(victim.manager.streamResponse(stored, range), told, { range });
    return;
  }
  const reading: Reading = {
    ...(how === 'partly' ? { most: random.below(size + 1) } : {}),
    ...(how === 'slowly' ? { pauseMs: random.below(20) } : {}),
  };
  await readBody(victim.manager.streamResponse(stored), told, reading);
}

async function update(victim: Victim, random: Random): Promise<void> {
  const found = await victim.find(victim.key(random));
  if (found !== undefined) await victim.freshen(found);
}

async function remove(victim: Victim, random: Random): Promise<void> {
  const key = victim.key(random);
  await victim.remove(key, async () => await victim.manager.delete(key));
}

async function clear(victim: Victim): Promise<void> {
  await victim.remove(null, async () => await victim.manager.clear());
}

async function list(victim: Victim): Promise<void> {
  for await (const { cacheKey, head, policy, size } of victim.manager.entries()) {
    const told = toldBy(cacheKey, { head, policy });
    if (typeof told === 'string') throw new Error(told);
    if (size !== bodyLength(cacheKey, told.put)) throw new Error(`${head.statusText} is listed with ${size}`);
  }
}

async function verify(victim: Victim): Promise<void> {
  await victim.manager.verify({
    onProblem: ({ kind, path }) => {
      if (!LEFT_BEHIND.has(kind)) throw new Error(`Verifying found a fault: ${kind} at ${path}`);
    },
  });
}

async function mustBeIncomplete(commit: Promise<unknown>): Promise<void> {
  const error = await commit.then(() => new Error('A body that was cut was stored'), asIs);
  if (!isIncomplete(error)) throw error;
}

function isIncomplete(error: unknown): boolean {
  return isHttpCacheError(error) && error.code === 'ERR_HTTP_CACHE_INCOMPLETE_BODY';
}

function asIs(error: unknown): unknown {
  return error;
}
