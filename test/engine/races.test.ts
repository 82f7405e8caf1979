import { describe, expect, it } from 'vitest';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import type { HttpResponse } from '../../src/core/message.ts';
import type { CacheEntry } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { Gate } from '../helpers/gate.ts';
import { makeRig, managers, MapManager } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const versioned =
  (headers: Record<string, string> = {}): Route =>
  ({ request, response, nth }) => {
    response.sendDate = false;
    const known = request.headers['if-none-match'] !== undefined;
    response.writeHead(known ? 304 : 200, { 'Cache-Control': 'max-age=60', ETag: '"e"', ...headers });
    response.end(known ? undefined : `body ${nth}`);
  };

/** Puts wait at a gate while it is shut. */
class SlowPuts extends MapManager {
  gate: Gate | undefined;
  readonly scope: 'process' | 'shared';

  constructor(scope: 'process' | 'shared') {
    super();
    this.scope = scope;
  }

  override async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    if (policy.kind === 'response') await this.gate?.opened;
    return super.put(cacheKey, response, policy);
  }
}

describe.each(['process', 'shared'] as const)('a put that lands after its time, scope %s', (scope) => {
  it('brings nothing back that was invalidated meanwhile', async () => {
    await using origin = await startOrigin({ '/': versioned() });
    const manager = new SlowPuts(scope);
    const gate = new Gate();
    manager.gate = gate;
    const { cache } = makeRig({ manager, managerTimeout: 20 });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    manager.gate = undefined;
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    gate.open();
    await new Promise(setImmediate);
    await cache.idle();
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 3');
  });

  it('brings nothing back by way of a 304', async () => {
    await using origin = await startOrigin({ '/': versioned() });
    const manager = new SlowPuts(scope);
    const { cache, advance } = makeRig({ manager, managerTimeout: 20 });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    advance(61_000);
    const gate = new Gate();
    manager.gate = gate;
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('revalidated');
    await cache.idle();
    manager.gate = undefined;
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    gate.open();
    await new Promise(setImmediate);
    await cache.idle();
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 4');
  });
});

describe('a commit that takes longer than managerTimeout', () => {
  it('is waited for, by nobody but the store', async () => {
    await using origin = await startOrigin({ '/': versioned() });
    const manager = new SlowPuts('shared');
    const gate = new Gate();
    manager.gate = gate;
    const { cache, events } = makeRig({ manager, managerTimeout: 20 });
    await fetchThrough(cache, `${origin.url}/`);
    expect(
      (await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } })).status,
    ).toBe(504);
    gate.open();
    await cache.idle();
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
    expect(events.filter((event) => event.type === 'error' || event.type === 'drop')).toEqual([]);
  });

  it('is given up in the end, with an event', async () => {
    await using origin = await startOrigin({ '/': versioned() });
    const manager = new SlowPuts('shared');
    manager.gate = new Gate();
    const { cache, events } = makeRig({ manager, managerTimeout: 2 });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    const error = expect.objectContaining({ code: 'ERR_HTTP_CACHE_MANAGER_TIMEOUT' });
    expect(events).toContainEqual(expect.objectContaining({ type: 'error', operation: 'put', error }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'fault' }));
  });
});

describe.each(managers)('races over $name', ({ make }) => {
  it('an invalidated response does not stand in for an origin that then fails', async () => {
    await using origin = await startOrigin({
      '/': versioned({ 'Cache-Control': 'max-age=60, stale-if-error=600' }),
    });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    advance(61_000);
    origin.route('/', async ({ request, response, toldToGoOn }) => {
      if (request.method === 'GET') await toldToGoOn;
      response.writeHead(request.method === 'GET' ? 503 : 200).end();
    });
    const early = fetchThrough(cache, `${origin.url}/`);
    await origin.received('/', 2);
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    origin.goOn();
    expect(await early).toMatchObject({ status: 503, info: { outcome: 'miss' } });
  });

  it('a 304 to one user leaves nothing of it in what everybody gets', async () => {
    await using origin = await startOrigin({ '/': versioned() });
    const { cache, advance } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    advance(61_000);
    origin.route(
      '/',
      versioned({ 'Set-Cookie': 'sid=alice', 'X-User': 'alice', 'Cache-Control': 'max-age=600' }),
    );
    const alice = { headers: [['Authorization', 'alice']] } as const;
    const hers = await fetchThrough(cache, `${origin.url}/`, alice);
    expect(hers).toMatchObject({ body: 'body 1', info: { outcome: 'revalidated' } });
    expect(hers.headers).toContainEqual(['X-User', 'alice']);
    await cache.idle();
    origin.route('/', versioned());
    for (const headers of [[], [['Authorization', 'bob']]] as const) {
      const other = await fetchThrough(cache, `${origin.url}/`, { headers });
      expect(JSON.stringify(other.headers)).not.toContain('alice');
    }
  });

  it('a public response that a 304 makes private is for nobody else any more', async () => {
    await using origin = await startOrigin({ '/': versioned({ 'Cache-Control': 'public, max-age=60' }) });
    const { cache, advance } = makeRig({ manager: make() });
    const as = (who: string) => fetchThrough(cache, `${origin.url}/`, { headers: [['Authorization', who]] });
    await as('alice');
    await cache.idle();
    advance(61_000);
    origin.route('/', versioned({ 'Cache-Control': 'private, max-age=600' }));
    expect((await as('alice')).info.outcome).toBe('revalidated');
    await cache.idle();
    expect((await as('bob')).info).toMatchObject({ outcome: 'miss', revalidated: false });
  });

  it('a reload that gets what may not be stored takes away what is', async () => {
    await using origin = await startOrigin({ '/': versioned() });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    origin.route(
      '/',
      ({ response }) => void response.writeHead(200, { 'Cache-Control': 'no-store' }).end('new'),
    );
    await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'reload' } });
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('new');
  });

  it('a shared cache takes nothing that a private one stored', async () => {
    await using origin = await startOrigin({ '/': versioned({ 'Cache-Control': 'private, max-age=60' }) });
    const manager = make();
    const mine = makeRig({ manager });
    await fetchThrough(mine.cache, `${origin.url}/`);
    await mine.cache.idle();
    const ours = makeRig({ manager, shared: true });
    expect((await fetchThrough(ours.cache, `${origin.url}/`)).info.outcome).toBe('miss');
  });
});

describe('caches on one manager', () => {
  it('keep out of the store what another one invalidated', async () => {
    await using origin = await startOrigin({
      '/': async ({ request, response, toldToGoOn, nth }) => {
        if (request.method === 'GET' && nth === 1) await toldToGoOn;
        response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end(`body ${nth}`);
      },
    });
    const manager = new MemoryManager();
    const [one, two] = [makeRig({ manager }), makeRig({ manager })];
    const early = fetchThrough(one.cache, `${origin.url}/`);
    await origin.received('/');
    await fetchThrough(two.cache, `${origin.url}/`, { method: 'POST' });
    origin.goOn();
    await early;
    await one.cache.idle();
    expect((await fetchThrough(two.cache, `${origin.url}/`)).body).toBe('body 3');
  });
});

describe('an index that went', () => {
  it('is not made anew for an epoch that was invalidated', async () => {
    await using origin = await startOrigin({ '/': versioned({ Vary: 'Accept-Language' }) });
    const gate = new Gate();
    class SlowGets extends MapManager {
      readonly scope = 'process';
      slow = false;

      override async get(cacheKey: string): Promise<CacheEntry | undefined> {
        const entry = await super.get(cacheKey);
        if (this.slow && entry?.policy.kind === 'index') {
          this.slow = false;
          await gate.opened;
        }
        return entry;
      }
    }
    const manager = new SlowGets();
    const { cache } = makeRig({ manager });
    const ask = (language: string) =>
      fetchThrough(cache, `${origin.url}/`, { headers: [['Accept-Language', language]] });
    await ask('fr');
    await cache.idle();
    manager.slow = true;
    const spanish = ask('es');
    await new Promise(setImmediate);
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    gate.open();
    await spanish;
    await cache.idle();
    expect((await ask('fr')).info.outcome).toBe('miss');
  });
});

describe('HEAD after an invalidation that the manager could not take', () => {
  it('is not answered from what was invalidated', async () => {
    await using origin = await startOrigin({ '/': versioned() });
    const manager = new MemoryManager();
    const { cache } = makeRig({ manager });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    manager.delete = async () => {
      throw new Error('read-only');
    };
    await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    expect((await fetchThrough(cache, `${origin.url}/`, { method: 'HEAD' })).info.outcome).toBe('miss');
  });
});
