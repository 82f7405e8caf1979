import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { Gate } from '../helpers/gate.ts';
import type { Route } from '../helpers/origin.ts';
import { fresh, send, writeHead } from '../helpers/reply.ts';
import { bodyOf, overOf } from './bodies.ts';
import { read } from './clients.ts';
import { setStage, storingRows, type Stage, type StageRow } from './stage.ts';

const body = bodyOf(1_000_000);
/** Sent before the origin stalls: more than a small file takes, so that there is a file for it by then. */
const half = 500_000;

/** A stage whose origin stalls in the middle of its first answer. `cut` opens when that answer is over. */
async function stallingStage(row: StageRow, announced: boolean): Promise<Stage & { readonly cut: Gate }> {
  const cut = new Gate();
  const stalls: Route = (call) => {
    if (call.nth > 1) {
      send(call, { headers: [fresh], body });
      return;
    }
    const length = announced ? [['Content-Length', String(body.length)] as const] : [];
    writeHead(call, { headers: [fresh, ...length] });
    call.response.write(body.subarray(0, half));
    void overOf(call.response).then(() => cut.open());
  };
  return { ...(await setStage(row, { '/': stalls })), cut };
}

/** Reads until half of the body was read, and so written to the store. */
async function readHalf({ store }: Stage, stream: Readable): Promise<void> {
  let length = 0;
  while (length < half) {
    const chunk: Buffer | null = stream.read();
    if (chunk === null) await once(stream, 'readable');
    else length += chunk.length;
  }
  expect(length).toBe(half);
  if (store.manager.scope === 'shared') await vi.waitFor(() => expect(store.files()).toHaveLength(1));
}

async function expectNothingLeft({ origin, store, client, events, cut, ...stage }: LeftStage): Promise<void> {
  await cut.opened;
  await vi.waitFor(() =>
    expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'incomplete' })),
  );
  expect(await stage.stored()).toEqual([]);
  await vi.waitFor(() => expect([store.files(), store.descriptors()]).toEqual([[], []]));

  expect(body.equals(await read(client, `${origin.url}/`))).toBe(true);
  expect(await stage.stored()).toEqual([`${origin.url}/`]);
  expect(origin.count()).toBe(2);
}

type LeftStage = Awaited<ReturnType<typeof stallingStage>>;

const lengths = [
  ['announced', true],
  ['chunked', false],
] as const;

describe.each(storingRows)('nothing is stored of a miss through $client into $store', (row) => {
  describe.each(lengths)('whose body is %s', (_length, announced) => {
    it.each<[how: string, leave: (stream: Readable, control: AbortController) => void]>([
      ['destroys it', (stream) => void stream.destroy()],
      ['destroys it with an error', (stream) => void stream.destroy(new Error('enough'))],
      ['aborts it', (_stream, control) => control.abort()],
    ])('when its reader %s midway', async (_how, leave) => {
      await using stage = await stallingStage(row, announced);
      const control = new AbortController();
      const stream = await openHalf(stage, control);
      stream.on('error', () => undefined);
      leave(stream, control);
      await expectNothingLeft(stage);
    });

    it('when its reader leaves the loop midway', async () => {
      await using stage = await stallingStage(row, announced);
      const stream = await stage.client.open(`${stage.origin.url}/`);
      let length = 0;
      for await (const chunk of stream.body) {
        length += chunk.length;
        if (length >= half) break;
      }
      await expectNothingLeft(stage);
    });

    it('when its reader never reads, and destroys it', async () => {
      await using stage = await stallingStage(row, announced);
      const { body: stream } = await stage.client.open(`${stage.origin.url}/`);
      stream.destroy();
      await expectNothingLeft(stage);
    });

    it('when its request is aborted while the client reads the body', async () => {
      await using stage = await stallingStage(row, announced);
      const control = new AbortController();
      const asked = stage.client.fetch(`${stage.origin.url}/`, { signal: control.signal });
      const failure = asked.catch((error: unknown) => error);
      await vi.waitFor(() =>
        expect(stage.events).toContainEqual(expect.objectContaining({ type: 'response' })),
      );
      control.abort();
      expect(String(await failure)).toMatch(/abort|cancel/);
      await expectNothingLeft(stage);
    });

    it('when its client gives up waiting', async () => {
      await using stage = await stallingStage(row, announced);
      await expect(stage.client.fetch(`${stage.origin.url}/`, { timeout: 100 })).rejects.toThrow(
        /timeout|aborted/i,
      );
      await expectNothingLeft(stage);
    });
  });
});

/** Opens and reads half. */
async function openHalf(stage: LeftStage, { signal }: AbortController): Promise<Readable> {
  const { body: stream } = await stage.client.open(`${stage.origin.url}/`, { signal });
  await readHalf(stage, stream);
  return stream;
}
