import { appendFileSync, readFileSync, statSync } from 'node:fs';
import fs from 'fs-extra';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyHash, Layout } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { bodyOf, sampleHead, samplePolicy, sampleResponse } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

async function tokenOf(manager: StreamingManager): Promise<string> {
  const stored = await manager.getStream('key');
  if (stored === undefined) throw new Error('nothing stored');
  stored.release();
  return stored.token;
}

async function freshen(
  manager: StreamingManager,
  token: string,
  status: number,
): Promise<string | undefined> {
  return await manager.updateMetadata('key', token, { ...sampleHead(), status }, samplePolicy(`${status}`));
}

describe.each([
  ['small', Buffer.from('body')],
  ['large', Buffer.alloc(100_000, 'body')],
])('freshening a %s entry', (_what, body) => {
  it('replaces head and policy by appending to the entry file, and touches no body', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('key', sampleResponse(body), samplePolicy());
    const file = new Layout(path).entry(keyHash('key'));
    const before = readFileSync(file);
    const names = filesUnder(path);
    const old = await tokenOf(manager);
    const token = await freshen(manager, old, 203);
    expect(token).not.toBe(old);
    expect(readFileSync(file).subarray(0, before.length).equals(before)).toBe(true);
    expect(filesUnder(path)).toEqual(names);
    for (const reader of [manager, temporaryManager({ path }).manager]) {
      const entry = await reader.get('key');
      expect(entry?.response.status).toBe(203);
      expect(entry?.policy).toEqual(samplePolicy('203'));
      expect(Buffer.from(entry?.response.body ?? []).equals(body)).toBe(true);
      expect(await tokenOf(reader)).toBe(token);
    }
  });

  it('writes the file anew before it grows for ever', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('key', sampleResponse(body), samplePolicy());
    const file = new Layout(path).entry(keyHash('key'));
    const size = statSync(file).size;
    let token = await tokenOf(manager);
    for (let status = 300; status < 400; status++) {
      const next = await freshen(manager, token, status);
      if (next === undefined) throw new Error('not freshened');
      token = next;
      expect((await manager.get('key'))?.response.status).toBe(status);
      expect(statSync(file).size).toBeLessThan(9 * size);
    }
    const stored = await manager.getStream('key');
    if (stored === undefined) throw new Error('nothing stored');
    expect((await bodyOf(manager, stored)).equals(body)).toBe(true);
    expect((await manager.stats()).entries).toBe(1);
  });

  it('does nothing with an old token, for another key, or after a replacement', async () => {
    const { manager } = temporaryManager();
    expect(await freshen(manager, 'none', 203)).toBeUndefined();
    await manager.put('key', sampleResponse(body), samplePolicy());
    const old = await tokenOf(manager);
    expect(await manager.updateMetadata('other', old, sampleHead(), samplePolicy())).toBeUndefined();
    await freshen(manager, old, 203);
    expect(await freshen(manager, old, 204)).toBeUndefined();
    const replaced = await tokenOf(manager);
    await manager.put('key', sampleResponse(body), samplePolicy());
    expect(await freshen(manager, replaced, 204)).toBeUndefined();
    expect((await manager.get('key'))?.response.status).toBe(200);
  });

  it('lets the first of two processes win that append at once', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('key', sampleResponse(body), samplePolicy());
    const file = new Layout(path).entry(keyHash('key'));
    const size = statSync(file).size;
    const token = await tokenOf(manager);
    await freshen(manager, token, 203);
    const { manager: other, path: elsewhere } = temporaryManager();
    const { manager: reader } = temporaryManager({ path });
    await other.put('key', sampleResponse(body), samplePolicy());
    const otherFile = new Layout(elsewhere).entry(keyHash('key'));
    const otherSize = statSync(otherFile).size;
    await freshen(other, await tokenOf(other), 204);
    // What another process would append for the same revision.
    const late = readFileSync(otherFile).subarray(otherSize);
    appendFileSync(file, late);
    expect(statSync(file).size).toBeGreaterThan(size + late.length);
    expect((await reader.get('key'))?.response.status).toBe(203);
  });

  it('tells one alone of two managers that update one revision at once, also when the file is full', async () => {
    const { manager, path } = temporaryManager();
    const { manager: other } = temporaryManager({ path });
    await manager.put('key', sampleResponse(body), samplePolicy());
    for (let round = 0; round < 40; round++) {
      const token = await tokenOf(manager);
      const tokens = await Promise.all([freshen(manager, token, 203), freshen(other, token, 204)]);
      const won = tokens.filter((each) => each !== undefined);
      expect(won).toEqual([await tokenOf(manager)]);
      expect((await manager.get('key'))?.response.status).toBe(tokens[0] === undefined ? 204 : 203);
    }
  });

  it('holds also where the time of its file cannot be set', async () => {
    const { manager } = temporaryManager({ io: 'async' });
    await manager.put('key', sampleResponse(body), samplePolicy());
    const { futimes } = fs;
    const refused = async (): Promise<void> => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    };
    Object.assign(fs, { futimes: refused });
    onTestFinished(() => void Object.assign(fs, { futimes }));
    expect(await freshen(manager, await tokenOf(manager), 203)).toBe(await tokenOf(manager));
    expect((await manager.get('key'))?.response.status).toBe(203);
  });

  it('goes on behind a record that was torn by a kill', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('key', sampleResponse(body), samplePolicy());
    const file = new Layout(path).entry(keyHash('key'));
    appendFileSync(file, 'HTTPLARDER2 0123');
    const token = await freshen(manager, await tokenOf(manager), 203);
    expect(token).toBeTypeOf('string');
    expect(await tokenOf(temporaryManager({ path }).manager)).toBe(token);
    const entry = await manager.get('key');
    expect(entry?.response.status).toBe(203);
    expect(Buffer.from(entry?.response.body ?? []).equals(body)).toBe(true);
  });
});

describe('keys that are no well-formed Unicode', () => {
  it('are told apart though they have one name on disk', async () => {
    const [one, other] = ['\ud800', '\ud801'];
    expect(keyHash(one)).toBe(keyHash(other));
    const { manager } = temporaryManager();
    await manager.put(one, sampleResponse('body'), samplePolicy());
    const stored = await manager.getStream(one);
    expect(await manager.getStream(other)).toBeUndefined();
    const token = stored?.token ?? '';
    expect(await manager.updateMetadata(other, token, sampleHead(), samplePolicy())).toBeUndefined();
    expect(await manager.updateMetadata(one, token, sampleHead(), samplePolicy())).toBeTypeOf('string');
  });
});
