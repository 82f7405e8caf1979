import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { loopbackCertificate } from '../helpers/loopback-certificate.ts';
import { canStartRedis, freePort, startRedis } from '../helpers/redis-server.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { bodyOf, sampleHead, samplePolicy, sampleResponse } from '../managers/samples.ts';
import type { OpenClient } from './clients.ts';

const { key, cert } = loopbackCertificate;
const KEY = 'http://origin.test/';
const large = randomBytes(600 * 1024);

const libraries = [
  [
    'redis',
    async (url: string): Promise<OpenClient> => {
      const client = createClient({ url, socket: { tls: true, ca: cert } });
      client.on('error', () => undefined);
      await client.connect();
      return { client, [Symbol.asyncDispose]: async () => client.destroy() };
    },
  ],
  [
    'ioredis',
    async (url: string): Promise<OpenClient> => {
      const client = new Redis(url, { lazyConnect: true, tls: { ca: cert } });
      await client.connect();
      return { client, [Symbol.asyncDispose]: async () => client.disconnect() };
    },
  ],
] as const;

/** The user that the guide has one set up. */
async function documentedUser(): Promise<string> {
  const guide = await readFile(join(import.meta.dirname, '../../docs/redis.md'), 'utf8');
  const [, command] = /```text\n(ACL SETUSER cache [^`]+)```/.exec(guide) ?? [];
  if (command === undefined) throw new Error('The guide names no user.');
  return command.replaceAll(/\s+/g, ' ').trim();
}

describe.skipIf(!canStartRedis)('a Redis that asks for TLS and for a password', () => {
  it.each(libraries)(
    'takes all that is asked of it by %s, from the user of the guide',
    async (_name, connect) => {
      await using folder = await tempDir();
      const files = { cert: join(folder.path, 'cert.pem'), key: join(folder.path, 'key.pem') };
      await writeFile(files.cert, cert);
      await writeFile(files.key, key);
      const port = await freePort();
      await using server = await startRedis([
        ...['--tls-port', String(port), '--tls-cert-file', files.cert, '--tls-key-file', files.key],
        ...['--tls-ca-cert-file', files.cert, '--tls-auth-clients', 'no'],
      ]);
      expect(await server.tell(await documentedUser())).toContain('OK');

      await using open = await connect(`rediss://cache:password@127.0.0.1:${port}`);
      const manager = new RedisManager({ client: open.client });
      const heard: string[] = [];
      const stop = manager.changes.observe(({ kind }) => heard.push(kind));
      await expect.poll(() => heard, { timeout: 10_000 }).toContain('found');
      await manager.put(KEY, sampleResponse('small'), samplePolicy());
      expect(String((await manager.get(KEY))?.response.body)).toBe('small');
      const writer = manager.putStream(KEY, sampleHead(), samplePolicy());
      await writer.write(large);
      expect(await writer.commit()).toBe(true);
      const stored = await manager.getStream(KEY);
      if (stored === undefined) throw new Error('Nothing is stored.');
      expect((await bodyOf(manager, stored)).equals(large)).toBe(true);
      expect(
        await manager.updateMetadata(KEY, stored.token, sampleHead(), samplePolicy('again')),
      ).toBeDefined();
      const aborted = manager.putStream(KEY, sampleHead(), samplePolicy());
      await aborted.write(large);
      await aborted.abort();
      const lease = await manager.lease(KEY, { ttlMs: 60_000 });
      expect(await lease?.renew()).toBe(true);
      await lease?.release({ openForMs: 60_000 });
      await (await manager.lease('another', { ttlMs: 60_000 }))?.release();
      expect(await manager.secret()).toHaveLength(32);
      const listed = [];
      for await (const { cacheKey } of manager.entries()) listed.push(cacheKey);
      expect(listed).toEqual([KEY]);
      await manager.delete(KEY);
      await manager.clear();
      await expect.poll(() => heard, { timeout: 10_000 }).toContain('all');
      stop();
      await manager.close();
    },
  );
});
