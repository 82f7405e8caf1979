import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OptionsInit, StreamOptions } from 'got';
import { drain } from '../helpers/drain.ts';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

/** GETs a path of the origin, once. */
export function getting(
  name: string,
  path: string,
  options: OptionsInit = {},
  rest: Partial<GotScenario> = {},
): GotScenario {
  return { name, run: async ({ client, origin }) => client()(`${origin.url}${path}`, options), ...rest };
}

/** The events of `got.stream` whose order callers build on. */
export const streamEvents = ['request', 'response', 'redirect', 'retry', 'end', 'error', 'close'];

/** GETs a path of the origin with `got.stream`, and reads it to its end or its error. */
export function streaming(
  name: string,
  path: string,
  options: StreamOptions = {},
  rest: Partial<GotScenario> = {},
): GotScenario {
  return {
    name: `${name}, streamed`,
    async run(stage) {
      const stream = stage.client().stream(`${stage.origin.url}${path}`, options);
      stage.watch(stream, 'stream', ['request', 'response', 'redirect', 'retry', 'downloadProgress']);
      const body = await readToEnd(stage, stream, false);
      return [stream.response, stream, body];
    },
    ...rest,
  };
}

/** Reads a path whole. */
export function warmUp(path: string): (stage: GotStage) => Promise<unknown> {
  return ({ client, origin }) => client()(`${origin.url}${path}`, { responseType: 'buffer' });
}

export const incomplete = 'a body that did not come whole is not stored';

/** Bodies, and what got makes of them. */
export const gotBodies: readonly GotScenario[] = [
  getting('text', '/text'),
  getting('responseType json', '/json', { responseType: 'json' }),
  getting('responseType buffer', '/binary', { responseType: 'buffer' }),
  getting('bytes taken for text', '/binary'),
  getting('encoding latin1', '/latin1', { encoding: 'latin1' }),
  getting('resolveBodyOnly', '/text', { resolveBodyOnly: true }),
  getting('parseJson', '/json', { responseType: 'json', parseJson: (text) => ({ length: text.length }) }),
  getting('json that does not parse', '/not-json', { responseType: 'json' }),
  getting('a byte order mark', '/bom', { responseType: 'json' }),
  getting('a byte order mark in bytes', '/bom', { responseType: 'buffer' }),
  getting('an empty body', '/empty'),
  getting('gzip', '/gzip', { responseType: 'json' }),
  getting('deflate', '/deflate', { responseType: 'json' }),
  getting('brotli', '/br', { responseType: 'json' }),
  getting('gzip with decompress false', '/gzip', { decompress: false, responseType: 'buffer' }),
  getting('corrupt gzip', '/corrupt-gzip'),
  getting('gzip that ends early', '/truncated-gzip'),
  getting('a chunked body', '/chunked'),
  getting('trailers', '/trailers'),
  getting('a large body', '/large?bytes=3000000', { responseType: 'buffer' }),
  getting('Connection: close', '/close'),
  getting('a body ended by the connection', '/close-delimited'),
  getting('strictContentLength', '/json', { strictContentLength: true }),
  getting('strictContentLength of gzip', '/gzip', { strictContentLength: true }),
  { name: '.json()', run: ({ client, origin }) => client()(`${origin.url}/json`).json() },
  { name: '.text()', run: ({ client, origin }) => client()(`${origin.url}/text`).text() },
  { name: '.buffer()', run: ({ client, origin }) => client()(`${origin.url}/binary`).buffer() },
  { name: '.json() of gzip', run: ({ client, origin }) => client()(`${origin.url}/gzip`).json() },
  {
    name: '.json() and the response of one request',
    run: ({ client, origin }) => {
      const request = client()(`${origin.url}/json`);
      return Promise.all([request.json(), request]);
    },
  },
  {
    name: 'downloadProgress',
    async run({ client, origin, note }) {
      const request = client()(`${origin.url}/large?bytes=300000`, { responseType: 'buffer' });
      let last: unknown;
      void request.on('downloadProgress', (progress) => {
        last = progress;
      });
      const response = await request;
      note('progress', last);
      return response;
    },
  },
  streaming('json', '/json'),
  streaming('an empty body', '/empty'),
  streaming('gzip', '/gzip'),
  streaming('gzip with decompress false', '/gzip', { decompress: false }),
  streaming('corrupt gzip', '/corrupt-gzip'),
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
