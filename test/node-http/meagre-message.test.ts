import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { cacheInfo } from '../../src/index.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { drain } from '../helpers/drain.ts';
import { responseTo, rigOn } from './caching-rig.ts';

/** What some mocks answer with: neither a version nor a status text. */
function meagreMessage(): IncomingMessage {
  const message: object = Object.assign(Readable.from([Buffer.from('jam')]), {
    statusCode: 200,
    statusMessage: null,
    httpVersion: null,
    headers: { 'cache-control': 'max-age=60' },
    rawHeaders: ['Cache-Control', 'max-age=60'],
    rawTrailers: [],
    complete: true,
  });
  return message as IncomingMessage;
}

it('stores a response that names neither its version nor a status text, and answers with it', async () => {
  const rig = rigOn(new MemoryManager());
  const ask = async (): Promise<readonly unknown[]> => {
    const response = await responseTo(rig.open('http://pantry.test/', {}, { open: meagreMessage }).end());
    const body = (await drain(response)).toString();
    await rig.cache.idle();
    return [body, response.statusMessage, response.httpVersion, cacheInfo(response)?.outcome];
  };
  expect(await ask()).toEqual(['jam', '', '1.1', 'miss']);
  expect(await ask()).toEqual(['jam', '', '1.1', 'hit']);
});
