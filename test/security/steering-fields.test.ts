import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { ask } from '../rfc9111/ask.ts';
import { setStage, storingRows } from '../streams/stage.ts';

const steering = ['X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Forwarded-Prefix'];

/** Makes links by fields that it trusts, as some frameworks do, and says so in no `Vary`. */
const linking: Route = (call) =>
  send(call, {
    headers: [fresh],
    body: steering.map((name) => String(call.request.headers[name.toLowerCase()])).join(),
  });

describe.each(storingRows)('fields that steer the origin, $client, $store', (row) => {
  it('poison nothing that others get, where cacheKey names them', async () => {
    await using stage = await setStage(row, { '/': linking }, { cacheKey: { headers: steering } });
    const askedBy: readonly Record<string, string>[] = [
      ...steering.map((name) => ({ [name]: 'evil.test' })),
      // The same values under other names, and values that look like several.
      { 'X-Forwarded-Host': 'evil.test,undefined' },
      { 'X-Forwarded-Host': 'undefined', 'X-Forwarded-Proto': 'evil.test' },
      { 'X-Forwarded-Host': '' },
      {},
    ];
    const bodies = new Map<object, string>();
    for (const headers of askedBy) {
      const { outcome, body } = await ask(stage, '/', { headers });
      expect([headers, outcome]).toEqual([headers, 'miss']);
      bodies.set(headers, body);
    }
    for (const headers of askedBy) {
      const { outcome, body } = await ask(stage, '/', { headers });
      expect([headers, outcome, body]).toEqual([headers, 'hit', bodies.get(headers)]);
    }
  });

  it('are told to the origin as they are', async () => {
    await using stage = await setStage(row, { '/': linking }, { cacheKey: { headers: steering } });
    await ask(stage, '/', { headers: { 'X-Forwarded-Host': 'a.test' } });
    expect(stage.origin.requests()[0]?.headers).toContainEqual(
      expect.arrayContaining([expect.stringMatching(/^x-forwarded-host$/i), 'a.test']),
    );
  });
});
