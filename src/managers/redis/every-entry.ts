import type { CacheEntrySummary } from '../manager.ts';
import { GRACE_MS } from './kept-alive.ts';
import type { ChangeMessage, RedisEntries } from './redis-entries.ts';
import type { RedisNode } from './redis-port.ts';
import { bytesOf, listOf, textOf } from './replies.ts';
import { readMetadata, readRevision } from './stored-entry.ts';

/** About how many keys a server looks at for each step; it serves others between them. */
const STEP = '500';

/** All entries, server by server. */
export async function* listEntries(
  entries: RedisEntries,
): AsyncGenerator<CacheEntrySummary, void, undefined> {
  for (const node of await entries.port.nodes()) {
    for await (const keys of listKeys(node, entries.names.entryPattern)) {
      for (const summary of await Promise.all(keys.map((key) => summaryOf(node, key)))) {
        if (summary !== undefined) yield summary;
      }
    }
  }
}

/** Removes all entries. Their bodies end by themselves, so that those who read them come to the end. */
export async function clearEntries({ port, names }: RedisEntries): Promise<void> {
  const grace = String(GRACE_MS);
  for (const node of await port.nodes()) {
    for await (const keys of listKeys(node, names.entryPattern)) {
      // One by one: a cluster takes no command for keys of several slots. They go out together all the same.
      await Promise.all(keys.map((key) => node.send(['UNLINK', key])));
    }
    for await (const keys of listKeys(node, names.bodyPattern)) {
      await Promise.all(keys.map((key) => node.send(['PEXPIRE', key, grace])));
    }
  }
  const message: ChangeMessage = { all: true };
  await port.send(names.changes, ['PUBLISH', names.changes, JSON.stringify(message)]);
}

/** The keys of a server that match a pattern. One that is there all the while is given once, or more often while the server makes room. */
async function* listKeys(
  node: RedisNode,
  pattern: string,
): AsyncGenerator<readonly string[], void, undefined> {
  let cursor = '0';
  do {
    const [next, keys] = listOf(await node.send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', STEP]));
    cursor = textOf(next) ?? '0';
    yield listOf(keys).map((key) => textOf(key) ?? '');
  } while (cursor !== '0');
}

async function summaryOf(node: RedisNode, key: string): Promise<CacheEntrySummary | undefined> {
  const [token, text] = listOf(await node.send(['HMGET', key, 't', 'm'])).map(bytesOf);
  const revision = token === undefined ? undefined : readRevision(token.toString());
  if (revision === undefined || text === undefined) return undefined;
  try {
    const { cacheKey, head, policy } = readMetadata(text.toString());
    return { cacheKey, head, policy, size: revision.size };
  } catch {
    return undefined;
  }
}
