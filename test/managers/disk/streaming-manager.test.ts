import { describe, expect, it } from 'vitest';
import { bodyOf, sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const LARGE = 'x'.repeat(100_000);

describe('StreamingManager', () => {
  it('gives back what was put, small and large', async () => {
    const { manager, path } = temporaryManager();
    for (const body of ['', 'small', LARGE]) {
      const response = sampleResponse(body);
      await manager.put('key', response, samplePolicy());
      const entry = await manager.get('key');
      expect(entry?.response).toEqual({ ...response, body: Buffer.from(body) });
      expect(entry?.policy).toEqual(samplePolicy());
      expect(await storedText(manager, 'key')).toBe(body);
    }
    console.log(filesUnder(path), await manager.stats());
    const stored = await manager.getStream('key');
    if (stored === undefined) throw new Error('x');
    const token = await manager.updateMetadata(
      'key',
      stored.token,
      { ...sampleHead(), status: 203 },
      samplePolicy('b'),
    );
    expect(token).toBeTypeOf('string');
    stored.release();
    expect((await manager.get('key'))?.response.status).toBe(203);
    await manager.delete('key');
    console.log(filesUnder(path), await manager.stats());
  });
});
