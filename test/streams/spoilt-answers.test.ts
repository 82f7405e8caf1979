import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import axios from 'axios';
import got, { type Response } from 'got';
import { describe, expect, it, vi } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { cacheInfo, HttpCache } from '../../src/index.ts';
import type { SettableClock } from '../../src/testing/settable-clock.ts';
import type { Route } from '../helpers/origin.ts';
import { fresh, writeHead } from '../helpers/reply.ts';
import { spoil } from './spoil.ts';
import { setStage, storingRows } from './stage.ts';

/** What a caller has of one response: every object that it could change. */
type Answer = Readonly<Record<string, unknown>>;

/** A way to ask that gives a picture of what it got, and does to that what the test wants, as soon as it gets it. */
type Way = (url: string) => Promise<Answer>;
type Ways = Readonly<Record<(typeof names)[number], Way>>;
type Treatment = (value: unknown) => void;

const names = ['parsed', 'bytes', 'streamed'] as const;
const leaveAlone: Treatment = () => undefined;

function pictureOf(answer: Answer, treat: Treatment): Answer {
  const { data, ...rest } = structuredClone(answer);
  treat(answer);
  return { ...rest, data: digestOf(data) };
}

/** Bodies are compared by this: comparing them byte by byte takes a test runner long. */
function digestOf(data: unknown): string {
  const bytes = data instanceof Uint8Array ? data : (JSON.stringify(data) ?? '');
  return createHash('sha256').update(bytes).digest('hex');
}

function messageParts(message: IncomingMessage): Answer {
  const { headers, headersDistinct, rawHeaders, trailers, rawTrailers } = message;
  return { headers, headersDistinct, rawHeaders, trailers, rawTrailers };
}

async function readTreating(body: Readable, treat: Treatment): Promise<string> {
  const chunks: Buffer[] = [];
  body.on('data', (chunk: Buffer) => {
    chunks.push(Buffer.from(chunk));
    treat(chunk);
  });
  await new Promise((resolve, reject) => body.on('end', resolve).on('error', reject));
  return digestOf(Buffer.concat(chunks));
}

function axiosWays(cache: HttpCache, treat: Treatment): Ways {
  const api = axios.create({ proxy: false });
  installCache(api, { cache });
  const buffered =
    (responseType: 'json' | 'arraybuffer'): Way =>
    async (url) => {
      const answer = await api.get<unknown>(url, { responseType });
      const { data, headers, httpCache, request } = answer;
      const message: IncomingMessage | undefined = request.res;
      const parts = message === undefined ? {} : messageParts(message);
      return pictureOf({ data, headers, httpCache, parts }, treat);
    };
  return {
    parsed: buffered('json'),
    bytes: buffered('arraybuffer'),
    streamed: async (url) => {
      const { data, headers, httpCache } = await api.get<Readable & IncomingMessage>(url, {
        responseType: 'stream',
      });
      const head = pictureOf({ headers, httpCache, parts: messageParts(data) }, treat);
      return { ...head, data: await readTreating(data, treat) };
    },
  };
}

function gotWays(cache: HttpCache, treat: Treatment): Ways {
  const api = got.extend(gotCache({ cache }), { retry: { limit: 0 } });
  const buffered =
    (ask: (url: string) => Promise<Response>): Way =>
    async (url) => {
      const answer = await ask(url);
      const { body, rawBody } = answer;
      const picture = pictureOf({ data: body, info: cacheInfo(answer), parts: messageParts(answer) }, treat);
      treat(rawBody);
      return picture;
    };
  return {
    parsed: buffered((url) => api(url, { responseType: 'json' })),
    bytes: buffered((url) => api(url, { responseType: 'buffer' })),
    streamed: async (url) => {
      const stream = api.stream(url);
      const answer = await new Promise<IncomingMessage>((resolve, reject) =>
        stream.once('response', resolve).once('error', reject),
      );
      const head = pictureOf({ info: cacheInfo(answer), parts: messageParts(answer) }, treat);
      return { ...head, data: await readTreating(stream, treat) };
    },
  };
}

const ways = { axios: axiosWays, got: gotWays };
/** What every way gets of a hit that nobody has done anything to. */
async function unspoiltHits(
  { client, clock }: { readonly client: 'axios' | 'got'; readonly clock: SettableClock },
  url: string,
): Promise<Readonly<Record<string, Answer>>> {
  const cache = new HttpCache({ clock, metadata: () => structuredClone(metadata) });
  const ask = ways[client](cache, leaveAlone);
  await ask.bytes(url);
  await cache.idle();
  return { parsed: await ask.parsed(url), bytes: await ask.bytes(url), streamed: await ask.streamed(url) };
}

const metadata = { shelf: { jam: ['plum'] } };

const json =
  (length: number): Route =>
  (call) => {
    writeHead(call, {
      headers: [
        fresh,
        ['Content-Type', 'application/json'],
        ['Link', '</a>'],
        ['Link', '</b>'],
        ['Trailer', 'X-End'],
      ],
    });
    call.response.addTrailers([['X-End', 'right']]);
    call.response.end(JSON.stringify({ list: Array.from({ length }, (_, at) => `entry ${at}`) }));
  };
const routes: Record<string, Route> = { '/small': json(5), '/large': json(20_000) };

describe.each(storingRows)('what a caller does to what it got through $client from $store', (row) => {
  it.each(['/small', '/large'].flatMap((path) => names.map((first) => [path, first] as const)))(
    'changes nothing of what others get: %s, %s first',
    async (path, first) => {
      await using stage = await setStage(row, routes, { metadata: () => metadata });
      const url = `${stage.origin.url}${path}`;
      const unspoilt = await unspoiltHits({ client: row.client, clock: stage.clock }, url);
      const ask = ways[row.client](stage.cache, spoil);

      expect((await ask[first](url))['data']).toEqual(unspoilt[first]?.['data']);
      await stage.cache.idle();
      for (const again of [...names, ...names]) expect(await ask[again](url)).toEqual(unspoilt[again]);
      expect(metadata).toEqual({ shelf: { jam: ['plum'] } });
      expect(stage.origin.count(path)).toBe(2);
    },
  );

  it('changes nothing of what others get of the same request to the origin', async () => {
    await using stage = await setStage(
      row,
      {
        '/held': async (call) => {
          await call.toldToGoOn;
          await json(20_000)(call);
        },
      },
      { metadata: () => metadata, collapseTimeout: 60_000 },
    );
    const ask = ways[row.client](stage.cache, spoil);
    const asked = [...names, ...names, ...names].map((way) => ask[way](`${stage.origin.url}/held`));
    await vi.waitFor(() => expect(stage.events.filter(({ type }) => type === 'wait')).toHaveLength(8));
    await stage.origin.received('/held');
    stage.origin.goOn();
    const answers = await Promise.all(asked);
    for (const [at, answer] of answers.entries()) {
      expect(answer['data']).toBe(answers[at % names.length]?.['data']);
      expect(JSON.stringify(answer)).not.toContain('spoilt');
      expect(JSON.stringify(answer)).toContain('plum');
    }
    expect(stage.origin.count()).toBe(1);
    expect((await ask.streamed(`${stage.origin.url}/held`))['data']).toBe(answers[2]?.['data']);
  });
});
