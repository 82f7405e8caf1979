// First, before anything that uses files is loaded.
import { counted, setRule, watchStoresIn } from './watched-files.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { HttpCache } from '../../../../src/http-cache.ts';
import { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { Gate } from '../../../helpers/gate.ts';
import { type Origin, startOrigin } from '../../../helpers/origin.ts';
import { fresh, send } from '../../../helpers/reply.ts';
import { bodyOf } from '../../../streams/bodies.ts';
import { type Client, clientRows } from '../../../streams/clients.ts';
import type { FileRule } from './file-call.ts';

const folder = mkdtempSync(join(tmpdir(), 'http-larder-faults-'));
watchStoresIn(folder);
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.restoreAllMocks());

const CODES = ['ENOSPC', 'EDQUOT', 'EMFILE', 'EIO', 'EACCES', 'EROFS', 'ESTALE', 'EXDEV', 'EMLINK'];
const SIZES = [600, 150_000];
const TWO_HOURS = 2 * 60 * 60_000;
/** For longer than a disk is taken for full. */
const HALF_A_MINUTE = 31_000;

/** What a request meets. */
interface Situation {
  readonly isStored: boolean;
  readonly isStale: boolean;
  readonly method: 'GET' | 'POST';
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'a miss': { isStored: false, isStale: false, method: 'GET' },
  'a hit': { isStored: true, isStale: false, method: 'GET' },
  'a 304': { isStored: true, isStale: true, method: 'GET' },
  'an unsafe request': { isStored: true, isStale: false, method: 'POST' },
};

/** Something on the origin that each POST changes. */
class Resource {
  readonly path: string;
  readonly #size: number;
  #version = 1;

  constructor(origin: Origin, path: string, size: number) {
    this.path = path;
    this.#size = size;
    origin.route(path, (call) => {
      if (call.request.method === 'POST') {
        this.#version++;
        send(call, { body: 'done' });
      } else {
        const etag = `"${path} ${this.#version}"`;
        const headers = [fresh, ['ETag', etag]] as const;
        const isSame = call.request.headers['if-none-match'] === etag;
        send(call, isSame ? { status: 304, headers } : { headers, body: this.body });
      }
    });
  }

  /** What it is now. */
  get body(): Buffer {
    return bodyOf(this.#size, this.#version);
  }
}

interface StageOptions {
  readonly origin: Origin;
  readonly clock: SettableClock;
  readonly connect: (cache: HttpCache) => Client;
  readonly io: 'auto' | 'async';
}

/** A client with a cache on a store of its own, in front of an origin. */
class Stage {
  readonly origin: Origin;
  readonly client: Client;
  readonly cache: HttpCache;
  readonly #name: string;
  readonly #clock: SettableClock;
  readonly #manager: StreamingManager;
  #resources = 0;
  #elapsed = 0;

  constructor({ origin, clock, connect, io }: StageOptions) {
    this.origin = origin;
    this.#name = `store-${++stores}`;
    this.#clock = clock;
    this.#manager = new StreamingManager({ path: `${folder}/${this.#name}`, minFree: 0, clock, io });
    this.cache = new HttpCache({
      manager: this.#manager,
      clock,
      managerTimeout: io === 'async' ? 100 : 20_000,
    });
    this.client = connect(this.cache);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + this.#elapsed);
  }

  /** Something new on the origin, and in the store where it is to be. */
  async prepare({ isStored, isStale }: Situation): Promise<Resource> {
    const size = SIZES[this.#resources % SIZES.length] ?? 0;
    const resource = new Resource(this.origin, `/resource-${++this.#resources}`, size);
    if (isStored) await this.get(resource);
    if (isStale) this.#clock.advance(TWO_HOURS);
    return resource;
  }

  /** Sends the request, while a rule holds, and says whether the response is right. */
  async ask(resource: Resource, { method }: Situation, rule: FileRule): Promise<boolean> {
    setRule(this.#name, rule);
    const { body, status } = await this.client.fetch(this.origin.url + resource.path, { method });
    return status === 200 && body.equals(method === 'POST' ? Buffer.from('done') : resource.body);
  }

  /** From now on nothing fails. */
  endFaults(): void {
    setRule(this.#name);
    this.#elapsed += HALF_A_MINUTE;
    this.#clock.advance(HALF_A_MINUTE);
  }

  /** Gets what is there now, and says how; `wrong` for anything else. */
  async get(resource: Resource): Promise<string | undefined> {
    const { body, info } = await this.client.fetch(this.origin.url + resource.path);
    await this.cache.idle();
    return body.equals(resource.body) ? info?.outcome : 'wrong';
  }

  async close(): Promise<void> {
    await this.#manager.close();
  }
}

let stores = 0;

describe.each(clientRows)('what $client gets', ({ connect }) => {
  describe.each(Object.entries(SITUATIONS))('for %s', (_what, situation) => {
    it('is right with any error of a call of the disk, and is stored by the next request', async () => {
      const clock = new SettableClock();
      await using origin = await startOrigin({}, { date: () => new Date(clock.now()) });
      const stage = new Stage({ origin, clock, connect, io: 'auto' });
      const most = counted(() => undefined);
      for (let time = 0; time < SIZES.length; time++) {
        await stage.ask(await stage.prepare(situation), situation, most);
        await stage.cache.idle();
        stage.endFaults();
      }
      let failed = 0;
      for (const [index, code] of CODES.entries()) {
        const failing = 1 + ((index * 5) % Math.ceil(most.calls / SIZES.length));
        const resource = await stage.prepare(situation);
        const failingOnce = counted(({ number }) =>
          number === failing ? { kind: 'fail', code } : undefined,
        );
        expect(await stage.ask(resource, situation, failingOnce)).toBe(true);
        await stage.cache.idle();
        if (failingOnce.calls >= failing) failed++;
        stage.endFaults();
        expect(await stage.get(resource)).not.toBe('wrong');
        expect([code, failing, await stage.get(resource)]).toEqual([code, failing, 'hit']);
      }
      // A large body is more calls than a small one.
      expect(failed).toBeGreaterThan(CODES.length / 2);
      await stage.close();
    });

    it('is right while calls of the disk hang, and is stored by the next request', async () => {
      const clock = new SettableClock();
      await using origin = await startOrigin({}, { date: () => new Date(clock.now()) });
      const stage = new Stage({ origin, clock, connect, io: 'async' });
      for (const failing of [1, 3, 8]) {
        const resource = await stage.prepare(situation);
        const gate = new Gate();
        const holding = counted(({ number }) =>
          number >= failing ? { kind: 'hold', until: gate.opened } : undefined,
        );
        expect(await stage.ask(resource, situation, holding)).toBe(true);
        gate.open();
        await stage.cache.idle();
        stage.endFaults();
        expect(await stage.get(resource)).not.toBe('wrong');
        await vi.waitFor(async () => expect(await stage.get(resource)).toBe('hit'), 10_000);
      }
      await stage.close();
    });
  });
});
