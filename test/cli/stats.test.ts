import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';
import { emptyStore, sampleStore, type SampleStore } from './sample-store.ts';

let store: SampleStore;
beforeAll(async () => {
  store = await sampleStore();
});
afterAll(async () => await store[Symbol.asyncDispose]());

describe('stats', () => {
  it('counts as JSON', async () => {
    const { code, json } = await runCommand(['stats', store.folder, '--json']);
    expect(code).toBe(0);
    expect(json).toEqual([
      {
        responses: 8,
        bytes: 100_111,
        youngestMs: 1_800_000,
        oldestMs: 1_800_000,
        freshness: {
          fresh: { responses: 6, bytes: 100_104 },
          stale: { responses: 1, bytes: 3 },
          'no-cache': { responses: 1, bytes: 4 },
          invalidated: { responses: 0, bytes: 0 },
        },
        statuses: { 200: { responses: 7, bytes: 100_109 }, 404: { responses: 1, bytes: 2 } },
        origins: { [store.origin.url]: { responses: 8, bytes: 100_111 } },
      },
    ]);
  });

  it('counts for people, by the filters', async () => {
    const { stdout } = await runCommand(['stats', store.folder, '--status', '404']);
    expect(stdout).toContain('        1         2 B  responses\ncurrent age from 30m to 30m\n');
    expect(stdout).toContain('        1         2 B  404\n');
  });

  it('counts nothing in an empty store', async () => {
    await using empty = await emptyStore();
    empty.openCache();
    const [counted] = (await runCommand(['stats', empty.folder, '--json'])).json;
    expect(counted).toMatchObject({
      responses: 0,
      youngestMs: null,
      oldestMs: null,
      statuses: {},
      origins: {},
    });
  });
});
