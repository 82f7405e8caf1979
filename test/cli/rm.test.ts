import got from 'got';
import { describe, expect, it } from 'vitest';
import { cacheInfo } from '../../src/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { send } from '../helpers/reply.ts';
import { runCommand } from './run-command.ts';
import { emptyStore, sampleStore } from './sample-store.ts';

describe('rm', () => {
  it('needs something to choose by', async () => {
    await using store = await sampleStore();
    const { code, stderr } = await runCommand(['rm', store.folder]);
    expect([code, stderr]).toEqual([
      2,
      'http-larder: Nothing says what to remove: give --url, --fresh, --stale, --older or --status\n',
    ]);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(8);
  });

  it('removes nothing with --dry-run, but tells what it would', async () => {
    await using store = await sampleStore();
    const dry = await runCommand(['rm', store.folder, '--url', '*/page', '--dry-run']);
    expect([dry.code, dry.stderr]).toEqual([0, 'Would remove 2 responses, 100 B of bodies\n']);
    expect(dry.lines).toEqual((await runCommand(['ls', store.folder, '--url', '*/page'])).lines);
  });

  it('removes all that is stored for a URL', async () => {
    await using store = await sampleStore();
    const ran = await runCommand(['rm', store.folder, '--url', `${store.origin.url}/page`]);
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([0, '', 'Removed 2 responses, 100 B of bodies\n']);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(6);
    expect((await runCommand(['ls', store.folder, '--url', '*/page'])).code).toBe(1);
  });

  it.each(['to%6ben=s3cret', 'next=https%3A%2F%2Fu%3As3cret%40a.test'])(
    'takes the URL as it is, though its secret is masked: %s',
    async (query) => {
      await using store = await sampleStore();
      const url = `${store.origin.url}/big?${query}`;
      const cache = store.openCache();
      await got.extend(gotCache({ cache }))(url);
      await cache.idle();
      const dry = await runCommand(['rm', store.folder, '--url', url, '--dry-run']);
      expect([dry.lines.length, dry.stdout.includes('s3cret')]).toEqual([1, false]);
      const ran = await runCommand(['rm', store.folder, '--url', url]);
      expect([ran.code, ran.stderr]).toEqual([0, 'Removed 1 response, 97.7 KiB of bodies\n']);
      expect((await runCommand(['ls', store.folder])).lines).toHaveLength(8);
    },
  );

  it('removes just what other filters choose, and tells the counts as JSON', async () => {
    await using store = await sampleStore();
    const ran = await runCommand(['rm', store.folder, '--stale', '--older', '20m', '--json']);
    expect([ran.code, ran.json, ran.stderr]).toEqual([0, [{ removed: 2, bytes: 7 }], '']);
    expect((await runCommand(['ls', store.folder, '--stale'])).code).toBe(1);
    expect((await runCommand(['ls', store.folder])).lines).toHaveLength(6);
  });

  it('ends with 1 when there is nothing to remove', async () => {
    await using store = await sampleStore();
    const ran = await runCommand(['rm', store.folder, '--url', '*/nothing*']);
    expect([ran.code, ran.stderr]).toEqual([1, 'Removed 0 responses, 0 B of bodies\n']);
  });

  it('removes what a program stored past the cache, under a key that is no URL', async () => {
    await using store = await emptyStore();
    const head = {
      url: 'data:x',
      status: 200,
      statusText: '',
      httpVersion: '1.1',
      headers: [],
      trailers: [],
    };
    const cache = store.openCache();
    await got.extend(gotCache({ cache }))(`${store.origin.url}/old`);
    await cache.idle();
    const manager = new StreamingManager({ path: store.folder, minFree: 0 });
    const entry = await manager.get(`${store.origin.url}/old`);
    if (entry === undefined) throw new Error('Nothing was stored.');
    await manager.put('own key', { ...head, body: Buffer.from('own') }, entry.policy);
    expect((await runCommand(['rm', store.folder, '--url', 'data:*'])).code).toBe(0);
    expect(await manager.get('own key')).toBeUndefined();
    await manager.close();
  });
});

describe('rm beside a running program', () => {
  it('is seen by its next request', async () => {
    await using store = await emptyStore();
    const cache = store.openCache();
    const client = got.extend(gotCache({ cache }));
    const url = `${store.origin.url}/old`;
    await client(url);
    expect(cacheInfo(await client(url))?.outcome).toBe('hit');
    await runCommand(['rm', store.folder, '--url', url]);
    expect(cacheInfo(await client(url))?.outcome).toBe('miss');
  });

  it('keeps out of the store what was asked for before', async () => {
    await using store = await emptyStore();
    const url = `${store.origin.url}/slow`;
    const cache = store.openCache();
    store.origin.route('/slow', async (call) => {
      if (call.nth > 1) await call.toldToGoOn;
      send(call, { headers: [['Cache-Control', 'max-age=3600']], body: `answer ${call.nth}` });
    });
    const client = got.extend(gotCache({ cache }));
    await client(url);
    const late = client(url, { headers: { 'Cache-Control': 'no-cache' } });
    await store.origin.received('/slow', 2);
    expect((await runCommand(['rm', store.folder, '--url', url])).code).toBe(0);
    store.origin.goOn();
    expect((await late).body).toBe('answer 2');
    await cache.idle();
    expect((await runCommand(['ls', store.folder])).lines).toEqual([]);
  });

  it('leaves the other variants of a URL where it chooses by more than the URL', async () => {
    await using store = await sampleStore();
    const cache = store.openCache();
    const client = got.extend(gotCache({ cache }), { decompress: false });
    const url = `${store.origin.url}/page`;
    const variant = async (encoding: string): Promise<string | undefined> =>
      cacheInfo(await client(url, { headers: { 'accept-encoding': encoding } }))?.outcome;
    // A third variant, with a body of another length.
    store.origin.route('/page', (call) =>
      send(call, {
        status: 410,
        headers: [
          ['Cache-Control', 'max-age=3600'],
          ['Vary', 'Accept-Encoding'],
        ],
      }),
    );
    await client(url, { headers: { 'accept-encoding': 'br' }, throwHttpErrors: false });
    await cache.idle();
    expect((await runCommand(['rm', store.folder, '--url', url, '--status', '410'])).code).toBe(0);
    expect([await variant('gzip'), await variant('identity')]).toEqual(['hit', 'hit']);
  });
});
