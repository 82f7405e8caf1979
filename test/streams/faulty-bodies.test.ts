import type { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { OriginCall, Route } from '../helpers/origin.ts';
import { fresh, writeHead } from '../helpers/reply.ts';
import { bodyOf } from './bodies.ts';
import type { Client } from './clients.ts';
import { setStage, storingRows } from './stage.ts';

const size = 400_000;
const whole = bodyOf(size);
const half = whole.subarray(0, size / 2);
type Lines = readonly (readonly [name: string, value: string])[];

/** Ways in which a connection ends. */
const cuts = {
  closed: ({ response }: OriginCall) => void response.socket?.end(),
  reset: ({ response }: OriginCall) => void response.socket?.resetAndDestroy(),
};

/** Sends part of a body, and cuts the connection once the reader has some of it. */
function partOf(bytes: Uint8Array, lines: Lines, cut: keyof typeof cuts): Route {
  return async (call) => {
    writeHead(call, { headers: [fresh, ...lines] });
    call.response.write(bytes);
    await call.toldToGoOn;
    cuts[cut](call);
  };
}

const announced: Lines = [['Content-Length', String(size)]];
const gzip: Lines = [['Content-Encoding', 'gzip']];
const brotli: Lines = [['Content-Encoding', 'br']];
const gzipped = gzipSync(whole, { level: 0 }).subarray(0, size / 2);
const compressed = brotliCompressSync(whole).subarray(0, size / 4);

/** Bodies that do not come whole. */
const faulty: Record<string, Route> = {
  'shorter than announced': partOf(half, announced, 'closed'),
  'shorter than announced, and reset': partOf(half, announced, 'reset'),
  'chunked and cut': partOf(half, [], 'closed'),
  'chunked and reset': partOf(half, [], 'reset'),
  'gzip, shorter than announced': partOf(gzipped, [...gzip, ...announced], 'closed'),
  'gzip, chunked and cut': partOf(gzipped, gzip, 'closed'),
  'brotli, chunked and reset': partOf(compressed, brotli, 'reset'),
  'ended by the connection, and reset': async (call) => {
    call.response.removeHeader('Transfer-Encoding');
    call.response.shouldKeepAlive = false;
    writeHead(call, { headers: [fresh, ['Connection', 'close']] });
    call.response.write(half);
    await call.toldToGoOn;
    cuts.reset(call);
  },
  'chunked with a chunk that is none': async (call) => {
    writeHead(call, { headers: [fresh] });
    call.response.write(half);
    await call.toldToGoOn;
    call.response.socket?.end('no hexadecimal\r\nat all\r\n');
  },
};

/** What a caller sees of an error. */
function seen(error: unknown): object {
  const { name, message, code } = error as NodeJS.ErrnoException;
  return { name, message, code };
}

const amountOf = (bytes: number): string => (bytes === 0 ? 'nothing' : bytes < size ? 'a part' : 'all');

/** Reads to the end or the error: what came, and what the error was. */
async function outcomeOf(client: Client, url: string, started: () => void): Promise<object> {
  let bytes = 0;
  let body: Readable | undefined;
  try {
    ({ body } = await client.open(url));
    for await (const chunk of body) {
      bytes += chunk.length;
      started();
    }
    return { came: amountOf(bytes) };
  } catch (error) {
    return { came: amountOf(bytes), error: seen(error) };
  }
}

describe.each(storingRows)('a body from $client into $store that does not come whole', (row) => {
  it.each(Object.entries(faulty))(
    'is not stored, and fails as without the cache: %s',
    async (_name, route) => {
      await using stage = await setStage(row, { '/': route });
      const { origin, store, client, uncached, events } = stage;
      const ask = (by: Client): Promise<object> => outcomeOf(by, `${origin.url}/`, () => origin.goOn());
      const withoutCache = await ask(uncached);
      expect(withoutCache).toMatchObject({ came: 'a part' });
      expect(await ask(client)).toEqual(withoutCache);
      await vi.waitFor(() =>
        expect(events).toContainEqual(expect.objectContaining({ type: 'drop', reason: 'incomplete' })),
      );
      expect(await stage.stored()).toEqual([]);
      await vi.waitFor(() => expect([store.files(), store.descriptors()]).toEqual([[], []]));
      expect(await ask(client)).toEqual(withoutCache);
      expect(origin.count()).toBe(3);
    },
  );
});
