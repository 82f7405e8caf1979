import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { HttpCache } from '../../src/http-cache.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import type { CacheEntry, CommitOptions } from '../../src/managers/manager.ts';
import { SettableClock } from '../../src/testing/settable-clock.ts';
import { startOrigin, type Origin, type Route } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { MapManager } from './caches.ts';
import { fetchThrough, type Asked, type Fetched } from './fetch-through.ts';

type Intrusion = (() => Promise<unknown>) | undefined;

/** Lets something happen once, after the engine decided to write an index and before it is written. */
class IntrudedManager extends StreamingManager {
  /** What happens before an index is written. */
  beforeIndex: Intrusion;
  /** What happens after a response was written, and before its index is read. */
  afterResponse: Intrusion;

  override putStream(
    ...args: Parameters<StreamingManager['putStream']>
  ): ReturnType<StreamingManager['putStream']> {
    const writer = super.putStream(...args);
    const isIndex = args[2].kind === 'index';
    const commit = writer.commit.bind(writer);
    return Object.assign(writer, {
      commit: async (options?: CommitOptions) => {
        if (isIndex) await this.#intrude('beforeIndex');
        const committed = await commit(options);
        if (!isIndex) await this.#intrude('afterResponse');
        return committed;
      },
    });
  }

  override async updateMetadata(
    ...args: Parameters<StreamingManager['updateMetadata']>
  ): Promise<string | undefined> {
    if (args[3].kind === 'index') await this.#intrude('beforeIndex');
    return super.updateMetadata(...args);
  }

  async #intrude(when: 'beforeIndex' | 'afterResponse'): Promise<void> {
    const intrusion = this[when];
    this[when] = undefined;
    await intrusion?.();
  }
}

/** What is at `/`: another version after each PUT. */
interface Resource {
  /** What it varies by. */
  vary: string | undefined;
  /** What it varies by for some values of `Accept`, where that is something else. */
  varyFor?: Readonly<Record<string, string>>;
  version: number;
}

interface Stage extends AsyncDisposable {
  readonly resource: Resource;
  readonly clock: SettableClock;
  /** The manager of `ask`; `askOther` has another one on the same folder. */
  readonly manager: IntrudedManager;
  /** Asks, and waits until what is to be stored is. */
  readonly ask: (accept: string, asked?: Asked) => Promise<Fetched>;
  readonly askOther: (accept: string, asked?: Asked) => Promise<Fetched>;
}

function startVersioned(resource: Resource): Promise<Origin> {
  const route: Route = ({ request, response, nth }) => {
    if (request.method === 'PUT') {
      resource.version += 1;
      response.writeHead(204).end();
      return;
    }
    const { accept = '' } = request.headers;
    const names = resource.varyFor?.[accept] ?? resource.vary;
    const vary = names === undefined ? {} : { Vary: names };
    const fields = { 'Cache-Control': 'max-age=60', ETag: `"${nth}"`, 'X-Version': resource.version };
    response.writeHead(200, { ...fields, ...vary }).end(`version ${resource.version} for ${accept}`);
  };
  return startOrigin({ '/': route });
}

function asking(cache: HttpCache, url: string): Stage['ask'] {
  return async (accept, asked = {}) => {
    const headers: FieldLines = [['Accept', accept], ...(asked.headers ?? [])];
    const fetched = await fetchThrough(cache, url, { ...asked, headers });
    await cache.idle();
    return fetched;
  };
}

/** Two caches that share nothing but a folder, like two processes. */
async function shareFolder(vary: string | undefined): Promise<Stage> {
  const folder = await tempDir();
  const resource: Resource = { vary, version: 1 };
  const clock = new SettableClock(Date.now());
  const origin = await startVersioned(resource);
  const manager = new IntrudedManager({ path: folder.path, minFree: 0 });
  // What comes in the midst of another's commit must not wait for that.
  const collapseTimeout = 0;
  const mine = new HttpCache({ manager, clock, collapseTimeout });
  const other = new HttpCache({
    manager: new StreamingManager({ path: folder.path, minFree: 0 }),
    clock,
    collapseTimeout,
  });
  return {
    resource,
    clock,
    manager,
    ask: asking(mine, `${origin.url}/`),
    askOther: asking(other, `${origin.url}/`),
    [Symbol.asyncDispose]: async () => {
      await origin.close();
      await mine.close();
      await other.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const put = { method: 'PUT' } as const;
const secondVersion = expect.objectContaining({ 1: '2' });

describe('an index that is written while another process invalidates the URI (RFC 9111 §4.4)', () => {
  it('brings nothing back when only a tag is new to it', async () => {
    await using stage = await shareFolder('Accept');
    await stage.ask('a');
    stage.manager.beforeIndex = () => stage.askOther('', put);
    await stage.ask('b');
    expect(stage.resource.version).toBe(2);
    for (const accept of ['a', 'b']) {
      expect((await stage.askOther(accept)).body).toBe(`version 2 for ${accept}`);
    }
  });

  it('brings nothing back when it is to lead to what varies by other fields, too', async () => {
    await using stage = await shareFolder('Accept');
    await stage.ask('a');
    stage.resource.vary = 'Accept, X-Other';
    stage.manager.beforeIndex = () => stage.askOther('', put);
    await stage.ask('b');
    expect(stage.resource.version).toBe(2);
    for (const accept of ['a', 'b']) {
      expect((await stage.askOther(accept)).body).toBe(`version 2 for ${accept}`);
    }
  });

  it('does not come to be when there was none', async () => {
    await using stage = await shareFolder('Accept');
    stage.manager.beforeIndex = () => stage.askOther('', put);
    await stage.ask('a');
    expect((await stage.ask('a')).body).toBe('version 2 for a');
  });

  it('does not take the place of a response that was there', async () => {
    await using stage = await shareFolder(undefined);
    await stage.ask('a');
    stage.resource.vary = 'Accept';
    stage.manager.beforeIndex = () => stage.askOther('', put);
    await stage.ask('b', { options: { mode: 'reload' } });
    expect((await stage.ask('b')).body).toBe('version 2 for b');
  });

  it('does not take the place of a response that was stored behind the invalidation', async () => {
    await using stage = await shareFolder('Accept');
    stage.manager.afterResponse = async () => {
      await stage.askOther('', put);
      stage.clock.advance(1);
      stage.resource.vary = undefined;
      await stage.askOther('c');
    };
    await stage.ask('a');
    expect(await stage.ask('a')).toMatchObject({ body: 'version 2 for c', info: { outcome: 'hit' } });
  });

  it.each(['does not come to be', 'brings nothing back'])('%s for responses to HEAD', async (which) => {
    await using stage = await shareFolder('Accept');
    const head = { method: 'HEAD' } as const;
    if (which === 'brings nothing back') await stage.ask('a', head);
    stage.manager.beforeIndex = () => stage.askOther('', put);
    stage.resource.vary = 'Accept, X-Other';
    await stage.ask('b', head);
    expect(stage.resource.version).toBe(2);
    for (const accept of ['a', 'b']) {
      expect((await stage.ask(accept, head)).headers).toContainEqual(secondVersion);
    }
  });
});

describe('an index for responses to HEAD that are asked for together', () => {
  it('is not made anew for the second of them when it was invalidated behind the first', async () => {
    await using stage = await shareFolder('Accept');
    const head = { method: 'HEAD' } as const;
    stage.resource.varyFor = { b: 'Accept, X-Other' };
    stage.manager.beforeIndex = async () => {
      stage.manager.beforeIndex = () => stage.askOther('', put);
    };
    await Promise.all([stage.ask('a', head), stage.ask('b', head)]);
    expect(stage.resource.version).toBe(2);
    for (const accept of ['a', 'b']) {
      const { headers } = await stage.ask(accept, head);
      expect(headers).toContainEqual(secondVersion);
    }
  });
});

describe('an index that another process writes at the same time', () => {
  it('leads to the variants of both', async () => {
    await using stage = await shareFolder('Accept');
    await stage.ask('a');
    stage.manager.beforeIndex = async () => {
      stage.resource.vary = 'Accept, X-Second';
      await stage.askOther('b');
    };
    stage.resource.vary = 'Accept, X-First';
    await stage.ask('c');
    for (const accept of ['a', 'b', 'c']) {
      expect(await stage.askOther(accept)).toMatchObject({
        body: `version 1 for ${accept}`,
        info: { outcome: 'hit' },
      });
    }
  });

  it.each(['GET', 'HEAD'])('stays as it is when both begin a generation for %s', async (method) => {
    await using stage = await shareFolder('Accept');
    stage.manager.beforeIndex = () => stage.askOther('a', { method });
    await stage.ask('b', { method });
    expect((await stage.ask('a', { method })).info.outcome).toBe('hit');
    expect((await stage.ask('b', { method })).info.outcome).toBe('miss');
  });
});

/** One of several managers of three methods on the same entries. */
class IntrudedMap extends MapManager {
  override readonly entriesByKey: Map<string, CacheEntry>;
  /** What happens after an index was read so many times. */
  intrusion: { reads: number; readonly intrude: () => Promise<unknown> } | undefined;

  constructor(entriesByKey: Map<string, CacheEntry>) {
    super();
    this.entriesByKey = entriesByKey;
  }

  override async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const entry = await super.get(cacheKey);
    if (entry?.policy.kind !== 'index' || this.intrusion === undefined) return entry;
    this.intrusion.reads -= 1;
    if (this.intrusion.reads > 0) return entry;
    const { intrude } = this.intrusion;
    this.intrusion = undefined;
    await intrude();
    return entry;
  }
}

describe('a manager of three methods', () => {
  it.each([1, 2, 3])('keeps an invalidation that comes after read %d of the index', async (reads) => {
    const resource: Resource = { vary: 'Accept', version: 1 };
    const clock = new SettableClock(Date.now());
    await using origin = await startVersioned(resource);
    const entries = new Map<string, CacheEntry>();
    const manager = new IntrudedMap(entries);
    const ask = asking(new HttpCache({ manager, clock }), `${origin.url}/`);
    const askOther = asking(new HttpCache({ manager: new IntrudedMap(entries), clock }), `${origin.url}/`);
    await ask('a');
    manager.intrusion = { reads, intrude: () => askOther('', put) };
    await ask('b');
    expect(resource.version).toBe(2);
    expect((await askOther('a')).body).toBe('version 2 for a');
  });
});

describe('an invalidation', () => {
  it('is left behind for other processes before the response to HEAD goes', async () => {
    const done: string[] = [];
    class Slow extends MapManager {
      override async put(...args: Parameters<MapManager['put']>): ReturnType<MapManager['put']> {
        await new Promise(setImmediate);
        done.push(args[2].kind);
        return super.put(...args);
      }

      override async delete(cacheKey: string): Promise<void> {
        done.push('delete');
        return super.delete(cacheKey);
      }
    }
    await using origin = await startVersioned({ vary: undefined, version: 1 });
    await asking(new HttpCache({ manager: new Slow() }), `${origin.url}/`)('', put);
    expect(done).toEqual(['index', 'delete']);
  });
});
