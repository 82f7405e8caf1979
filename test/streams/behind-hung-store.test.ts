import { describe, expect, it, vi } from 'vitest';
import { andThen } from '../../src/managers/and-then.ts';
import { fresh, send } from '../helpers/reply.ts';
import { bodyOf } from './bodies.ts';
import { setStage, storingRows } from './stage.ts';

const body = bodyOf(3_000_000);

describe.each(storingRows)('the first of two readers of one miss through $client into $store', (row) => {
  it.each([0, 200_000])(
    'gets the whole body though it is behind and the store hangs after %i bytes',
    async (limit) => {
      await using stage = await setStage(row, { '/': (call) => send(call, { headers: [fresh], body }) });
      const { manager } = stage.store;
      const putStream = manager.putStream.bind(manager);
      manager.putStream = (...args) =>
        andThen(putStream(...args), (writer) => {
          const write = writer.write.bind(writer);
          let written = 0;
          writer.write = (chunk) => {
            written += chunk.byteLength;
            if (written > limit) return new Promise<void>(() => undefined);
            return write(chunk);
          };
          return writer;
        });
      const first = await stage.client.open(stage.origin.url);
      const second = stage.client.fetch(stage.origin.url).then(
        (answer) => answer.body,
        (error: unknown) => error,
      );
      await vi.waitFor(() => expect(stage.events.some(({ type }) => type === 'drop')).toBe(true), 4000);
      const chunks: Buffer[] = [];
      const end = await new Promise((resolve) => {
        first.body
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => resolve('end'))
          .on('error', (e) => resolve(e.message));
      });
      expect([end, Buffer.concat(chunks).equals(body)]).toEqual(['end', true]);
      const other = await second;
      expect(Buffer.isBuffer(other) ? other.equals(body) : other).toBe(true);
      await vi.waitFor(() => expect(stage.store.descriptors()).toEqual([]));
    },
  );
});
