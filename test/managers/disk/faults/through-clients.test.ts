// First, before anything that uses files is loaded.
import { counted, setRule, watchStoresIn } from './watched-files.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HttpCache } from '../../../../src/http-cache.ts';
import { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import { startOrigin } from '../../../helpers/origin.ts';
import { fresh, send } from '../../../helpers/reply.ts';
import { bodyOf } from '../../../streams/bodies.ts';
import { clientRows } from '../../../streams/clients.ts';
import { KINDS } from './kinds.ts';

const folder = mkdtempSync(join(tmpdir(), 'http-larder-faults-'));
watchStoresIn(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const BODIES: Readonly<Record<string, Buffer>> = {
  '/small': bodyOf(600, 1),
  '/large': bodyOf(150_000, 2),
  '/new': bodyOf(700, 3),
  '/new-and-large': bodyOf(160_000, 4),
};
const PATHS = Object.keys(BODIES);
const FAILING = [1, 4, 9, 20];
let stores = 0;

describe.each(clientRows)('what $client gets', ({ connect }) => {
  it.each(KINDS['an error that stays'] ?? [])(
    'is what the origin sends, whichever call of the disk $what stays from',
    async ({ rule, what }) => {
      await using origin = await startOrigin(
        Object.fromEntries(
          Object.entries(BODIES).map(([path, body]) => [
            path,
            (call) => send(call, { headers: [fresh], body }),
          ]),
        ),
      );
      const errors: unknown[] = [];
      for (const failing of FAILING) {
        const name = `store-${++stores}`;
        const manager = new StreamingManager({ path: `${folder}/${name}`, minFree: 0 });
        const cache = new HttpCache({
          manager,
          onEvent: (event) => void (event.type === 'error' && errors.push(event.error)),
        });
        const client = connect(cache);
        for (const path of PATHS.slice(0, 2)) await client.fetch(origin.url + path);
        await cache.idle();
        const counting = counted(rule(failing));
        setRule(name, counting);
        for (const path of PATHS) {
          const { body } = await client.fetch(origin.url + path);
          expect(body.equals(BODIES[path] ?? Buffer.alloc(0))).toBe(true);
        }
        await cache.idle();
        expect(counting.calls).toBeGreaterThan(0);
        setRule(name);
        for (const path of [...PATHS, ...PATHS]) {
          await client.fetch(origin.url + path);
          await cache.idle();
        }
        const { body, info } = await client.fetch(`${origin.url}/new`);
        expect([what, failing, info?.outcome]).toEqual([what, failing, 'hit']);
        expect(body.equals(BODIES['/new'] ?? Buffer.alloc(0))).toBe(true);
        await manager.close();
      }
      // The faults were met, and told.
      expect(errors.length).toBeGreaterThan(0);
    },
  );
});
