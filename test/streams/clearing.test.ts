import { describe, expect, it, vi } from 'vitest';
import { Gate } from '../helpers/gate.ts';
import { fresh, send } from '../helpers/reply.ts';
import { andThen } from '../../src/managers/and-then.ts';
import { read } from './clients.ts';
import { setStage, storingRows } from './stage.ts';

describe.each(storingRows)('clearing while $client stores in $store', (row) => {
  it('waits for what is being published, and for nothing that comes later', async () => {
    await using stage = await setStage(row, {
      '/early': (call) => send(call, { headers: [fresh], body: 'early' }),
      '/late': (call) => send(call, { headers: [fresh], body: 'late' }),
    });
    const { manager } = stage.store;
    const gates = [new Gate(), new Gate()];
    const putStream = manager.putStream.bind(manager);
    let commits = 0;
    manager.putStream = (...args) =>
      andThen(putStream(...args), (writer) => {
        const commit = writer.commit.bind(writer);
        return Object.assign(writer, {
          commit: async (options: Parameters<typeof commit>[0]) => {
            const published = await commit(options);
            const gate = gates[commits];
            commits += 1;
            await gate?.opened;
            return published;
          },
        });
      });
    await read(stage.client, `${stage.origin.url}/early`);
    await vi.waitFor(() => expect(commits).toBe(1));
    let isCleared = false;
    const cleared = stage.cache.clear().then(() => (isCleared = true));
    await read(stage.client, `${stage.origin.url}/late`);
    await vi.waitFor(() => expect(commits).toBe(2));
    expect(isCleared).toBe(false);
    gates[0]?.open();
    await cleared;
    gates[1]?.open();
    expect(await stage.stored()).toEqual([]);
  });
});
