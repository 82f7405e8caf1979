import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { drain } from '../helpers/drain.ts';
import { behindAServer } from './behind-a-server.ts';
import { streaming, warmUp } from './got-gets.ts';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

/** Bodies that are streamed. */
export const gotStreams: readonly GotScenario[] = [
  streaming('json', '/json'),
  streaming('an empty body', '/empty'),
  streaming('a chunked body', '/chunked'),
  streaming('trailers', '/trailers'),
  streaming('Connection: close', '/close'),
  streaming('a body ended by the connection', '/close-delimited'),
  {
    name: 'isStream',
    async run(stage) {
      const stream = stage.client()(`${stage.origin.url}/json`, { isStream: true });
      return readToEnd(stage, stream, false);
    },
  },
  {
    name: 'a stream that is piped',
    async run({ client, origin }) {
      const through = new PassThrough();
      const [bytes] = await Promise.all([
        drain(through),
        pipeline(client().stream(`${origin.url}/large?bytes=300000`), through),
      ]);
      return bytes;
    },
  },
  {
    name: 'a stream that a server answers with',
    run: ({ client, origin }) =>
      behindAServer((response) => void client().stream(`${origin.url}/gzip`).pipe(response)),
  },
  ...['/json', '/cookies', '/status?code=203', '/redirect?to=/br', '/chunked'].map((path): GotScenario => ({
    name: `a server that answers with the stream of ${path}`,
    run: ({ client, origin }) =>
      behindAServer((response) => void client().stream(`${origin.url}${path}`).pipe(response)),
  })),
  {
    name: 'a server that passes on what it is asked',
    run: ({ client, origin }) =>
      behindAServer((response, request) => {
        Reflect.deleteProperty(request.headers, 'host');
        request.pipe(client().stream(`${origin.url}/echo`, { copyPipedHeaders: true })).pipe(response);
      }),
  },
  {
    name: 'a server that answers with the stream of an error',
    run: ({ client, origin }) =>
      behindAServer((response) => {
        const stream = client().stream(`${origin.url}/status?code=404`);
        stream.once('error', (error) => response.writeHead(502).end(error.message));
        stream.pipe(response);
      }),
  },
  {
    name: 'a stream with two destinations',
    async run({ client, origin }) {
      const stream = client().stream(`${origin.url}/large?bytes=300000`);
      const ends = [new PassThrough(), new PassThrough()];
      for (const end of ends) stream.pipe(end);
      return Promise.all(ends.map(drain));
    },
  },
  {
    name: 'a stream that is piped when its head is there',
    async run({ client, origin }) {
      const stream = client().stream(`${origin.url}/large?bytes=300000`);
      await new Promise((resolve) => stream.once('response', resolve));
      const end = new PassThrough();
      stream.pipe(end);
      return drain(end);
    },
  },
  {
    name: 'a stream with an encoding',
    run: async (stage) => {
      const stream = stage.client().stream(`${stage.origin.url}/text`, { encoding: 'base64' });
      return readToEnd(stage, stream, false);
    },
  },
  {
    name: 'a stream whose body is thrown away',
    async run({ client, origin, watch }) {
      const stream = client().stream(`${origin.url}/large?bytes=300000`);
      watch(stream, 'stream', ['end', 'error', 'close']);
      const ended = new Promise((resolve) => stream.once('end', resolve));
      stream.resume();
      await ended;
      return stream;
    },
  },
  {
    name: 'a stream of a HEAD, as by got.stream.head',
    run: (stage) => readToEnd(stage, stage.client().stream.head(`${stage.origin.url}/json`), false),
  },
  {
    name: 'a stream that is read late',
    async run(stage) {
      const stream = stage.client().stream(`${stage.origin.url}/large?bytes=300000`);
      await new Promise((resolve) => stream.once('response', resolve));
      await new Promise((resolve) => setTimeout(resolve, 30));
      return readToEnd(stage, stream, false);
    },
  },
  {
    name: 'a stream read as text',
    async run({ client, origin }) {
      const stream = client().stream(`${origin.url}/text`);
      stream.setEncoding('utf8');
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      return text;
    },
  },
  {
    name: 'a stream that is paused and resumed',
    async run({ client, origin }) {
      const stream = client().stream(`${origin.url}/large?bytes=300000`);
      let length = 0;
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
        stream.pause();
        setImmediate(() => stream.resume());
      });
      await new Promise((resolve) => stream.once('end', resolve));
      return length;
    },
  },
  { name: 'a stream whose readers change its chunks', run: readAndSpoil, warm: readAndSpoil },
  inLargeBody('a stream that is destroyed in the body', async (stage, stream) => {
    stream.once('data', () => stream.destroy());
    return readToEnd(stage, stream, false);
  }),
  inLargeBody('a stream that is destroyed with an error', async (stage, stream) => {
    stream.once('data', () => stream.destroy(new Error('enough')));
    return readToEnd(stage, stream, false);
  }),
  inLargeBody('a stream that is left in the middle of a loop', async (stage, stream) => {
    stage.watch(stream, 'stream', ['end', 'error', 'close']);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    for await (const chunk of stream) if (String(chunk) !== '') break;
    await closed;
    return stream;
  }),
  inLargeBody('a pipeline whose end fails', async (stage, stream) => {
    stage.watch(stream, 'stream', ['end', 'error', 'close']);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the shelf is full')) });
    const closed = new Promise((resolve) => stream.once('close', resolve));
    const failure = await pipeline(stream, full).catch((error: unknown) => error);
    await closed;
    return failure;
  }),
];

type GotStream = ReturnType<ReturnType<GotStage['client']>['stream']>;

/** Opens a large body as a stream, and has the caller break it off. */
function inLargeBody(
  name: string,
  breakOff: (stage: GotStage, stream: GotStream) => Promise<unknown>,
): GotScenario {
  const path = '/large?bytes=3000000';
  return {
    name,
    warm: warmUp(path),
    run: (stage) => breakOff(stage, stage.client().stream(`${stage.origin.url}${path}`)),
  };
}

/** Reads a body, and leaves nothing of the chunks it was given. */
async function readAndSpoil({ client, origin }: GotStage): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of client().stream(`${origin.url}/large?bytes=300000`)) {
    copies.push(Buffer.from(chunk));
    chunk.fill(0);
  }
  return Buffer.concat(copies);
}
