import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../src/core/message.ts';
import type { CachePolicy } from '../../src/core/policy-types.ts';
import type { CommitOptions } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { Gate } from '../helpers/gate.ts';
import { startOrigin, type Origin } from '../helpers/origin.ts';
import { makeRig, MapManager, type Rig } from './caches.ts';
import { fetchThrough, type Asked, type Fetched } from './fetch-through.ts';

/** A manager in memory that stores no index any more once it is told to. */
class WithoutIndex extends MemoryManager {
  /** What becomes of an index. */
  index: 'stored' | 'replaced' | 'refused' = 'stored';
  /** How often an index was tried to be written since. */
  tries = 0;

  override putStream(
    ...args: Parameters<MemoryManager['putStream']>
  ): ReturnType<MemoryManager['putStream']> {
    const writer = super.putStream(...args);
    if (args[2].kind !== 'index' || this.index === 'stored') return writer;
    const commit = async (_options?: CommitOptions): Promise<boolean> => this.#try() === '';
    return Object.assign(writer, { commit });
  }

  override updateMetadata(...args: Parameters<MemoryManager['updateMetadata']>): string | undefined {
    if (args[3].kind !== 'index' || this.index === 'stored') return super.updateMetadata(...args);
    return this.#try();
  }

  #try(): undefined {
    this.tries += 1;
    if (this.index === 'refused') throw new Error('read-only');
    return undefined;
  }
}

interface Stage extends AsyncDisposable {
  readonly origin: Origin;
  readonly rig: Rig;
  readonly ask: (accept: string, asked?: Asked) => Promise<Fetched>;
  /** Says what responses vary by from now on. */
  readonly varyBy: (vary: string) => void;
}

async function startStage(
  manager: MapManager | MemoryManager,
  managerTimeout: number = 2000,
): Promise<Stage> {
  let vary = 'Accept';
  const origin = await startOrigin({
    '/': ({ response, nth }) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', ETag: `"${nth}"`, Vary: vary });
      response.end(`body ${nth}`);
    },
  });
  const rig = makeRig({ manager, managerTimeout });
  return {
    origin,
    rig,
    ask: async (accept, asked = {}) => {
      const fetched = await fetchThrough(rig.cache, `${origin.url}/`, {
        ...asked,
        headers: [['Accept', accept]],
      });
      await rig.cache.idle();
      return fetched;
    },
    varyBy: (names) => void (vary = names),
    [Symbol.asyncDispose]: () => origin[Symbol.asyncDispose](),
  };
}

describe.each(['replaced', 'refused'] as const)('an index whose writing is %s for ever', (index) => {
  it('costs a variant that it leads to anyway nothing but its tag', async () => {
    const manager = new WithoutIndex();
    await using stage = await startStage(manager);
    await stage.ask('a');
    manager.index = index;
    await stage.ask('b');
    expect((await stage.ask('a')).info.outcome).toBe('hit');
    expect((await stage.ask('b')).info.outcome).toBe('hit');
    expect(stage.rig.events.filter(({ type }) => type === 'drop')).toEqual([]);
  });

  it.each(['no index', 'an index'])('loses what it does not lead to, where there was %s', async (before) => {
    const manager = new WithoutIndex();
    await using stage = await startStage(manager);
    if (before === 'an index') await stage.ask('a');
    manager.index = index;
    stage.varyBy('Accept, X-Other');
    expect((await stage.ask('b')).status).toBe(200);
    expect(stage.rig.events).toContainEqual(expect.objectContaining({ type: 'drop' }));
    expect(manager.tries).toBe(index === 'replaced' ? 4 : 1);
    expect(stage.rig.events.filter(({ type }) => type === 'error')).toHaveLength(index === 'refused' ? 1 : 0);
    expect((await stage.ask('b')).info.outcome).toBe('miss');
  });
});

/** A manager of three methods whose indexes wait at a gate while it is shut. */
class SlowIndexes extends MapManager {
  gate: Gate | undefined;

  override async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    if (policy.kind === 'index') await this.gate?.opened;
    return super.put(cacheKey, response, policy);
  }
}

describe('an index that is put after its time', () => {
  it.each(['no index', 'an index'])('brings nothing back, where there was %s', async (before) => {
    const manager = new SlowIndexes();
    await using stage = await startStage(manager, 20);
    if (before === 'an index') await stage.ask('a');
    const gate = new Gate();
    manager.gate = gate;
    const { body } = await stage.ask('b');
    manager.gate = undefined;
    await stage.ask('', { method: 'POST' });
    gate.open();
    await new Promise(setImmediate);
    await stage.rig.cache.idle();
    expect((await stage.ask('b')).body).not.toBe(body);
    if (before === 'an index') expect((await stage.ask('a')).body).not.toBe('body 1');
  });
});
