import assert from 'node:assert/strict';
import type { CacheManager } from '../../managers/manager.ts';
import { buffered, streaming, type Check } from './conformance-case.ts';
import { bytes, KEY, lookUp, sampleHead, samplePolicy, sampleResponse, spoil, streamed } from './samples.ts';

/** Nothing that a caller does to what it gave or got changes what is stored. */
export const aliasingChecks: readonly Check[] = [
  buffered('does not change when the caller changes what it put', async (manager) => {
    const response = sampleResponse('body');
    const policy = samplePolicy();
    await manager.put(KEY, response, policy);
    spoil(response);
    spoil(policy);
    await assertUnspoilt(manager);
  }),
  buffered('does not change when the caller changes what it got', async (manager) => {
    await manager.put(KEY, sampleResponse('body'), samplePolicy());
    const entry = await manager.get(KEY);
    spoil(entry?.response);
    spoil(entry?.policy);
    await assertUnspoilt(manager);
  }),
  streaming('keeps no memory of the caller’s chunks and heads', async (manager) => {
    const head = sampleHead();
    const policy = samplePolicy();
    const writer = await manager.putStream(KEY, head, policy);
    spoil(head);
    spoil(policy);
    for (const part of ['bo', 'dy']) {
      const chunk = bytes(part);
      await writer.write(chunk);
      spoil(chunk);
    }
    await writer.commit();
    await assertUnspoilt(manager);
  }),
  streaming('streams chunks that the caller may change', async (manager) => {
    await manager.put(KEY, sampleResponse('body'), samplePolicy());
    const stored = await lookUp(manager, KEY);
    spoil(stored.head);
    spoil(stored.policy);
    for await (const chunk of manager.streamResponse(stored)) spoil(chunk);
    assert.equal((await streamed(manager, await lookUp(manager, KEY))).toString(), 'body');
    await assertUnspoilt(manager);
  }),
  streaming('does not change when the caller changes a head that it updated with', async (manager) => {
    await manager.put(KEY, sampleResponse('body', 'old'), samplePolicy('old'));
    const stored = await lookUp(manager, KEY);
    stored.release();
    const head = sampleHead();
    const policy = samplePolicy();
    await manager.updateMetadata(KEY, stored.token, head, policy);
    spoil(head);
    spoil(policy);
    await assertUnspoilt(manager);
  }),
];

async function assertUnspoilt(manager: CacheManager): Promise<void> {
  const entry = await manager.get(KEY);
  assert.ok(entry !== undefined, 'get finds nothing any more');
  const { body, ...head } = entry.response;
  assert.equal(Buffer.from(body).toString(), 'body');
  assert.deepEqual(JSON.parse(JSON.stringify(head)), sampleHead());
  assert.deepEqual(JSON.parse(JSON.stringify(entry.policy)), samplePolicy());
}
