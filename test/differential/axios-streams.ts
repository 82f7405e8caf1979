import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import axios, { type AxiosRequestConfig } from 'axios';
import { drain } from '../helpers/drain.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { behindAServer } from './behind-a-server.ts';
import { streaming, warmUp } from './axios-gets.ts';
import type { AxiosScenario, AxiosStage } from './axios-kit.ts';
import { readToEnd } from './read-to-end.ts';

/** Opens a large body as a stream, and has the caller break it off. */
function inLargeBody(name: string, breakOff: (stage: AxiosStage) => Promise<unknown>): AxiosScenario {
  return { name, run: breakOff, warm: warmUp('/large?bytes=3000000') };
}

/** Bodies that are streamed. */
export const axiosStreams: readonly AxiosScenario[] = [
  streaming('json', '/json'),
  streaming('an empty body', '/empty'),
  streaming('a chunked body', '/chunked'),
  streaming('a large body', '/large?bytes=3000000'),
  streaming('Connection: close', '/close'),
  streaming('a body ended by the connection', '/close-delimited'),
  streaming('maxRate', '/binary', { maxRate: 10_000_000 }),
  {
    name: 'text read from the stream with setEncoding',
    async run({ client, origin }) {
      const { data } = await client().get(`${origin.url}/text`, { responseType: 'stream' });
      data.setEncoding('utf8');
      let text = '';
      for await (const chunk of data) text += chunk;
      return text;
    },
  },
  {
    name: 'a stream that a server answers with',
    run: ({ client, origin }) =>
      behindAServer(async (response) => {
        const { data } = await client().get<Readable>(`${origin.url}/binary`, { responseType: 'stream' });
        data.pipe(response);
      }),
  },
  {
    name: 'a stream that is sent on in a form',
    async run({ client, origin }) {
      await using front = await startOrigin(originRoutes);
      const { data: file } = await client().get(`${origin.url}/binary`, { responseType: 'stream' });
      const { data: echo } = await axios.postForm(`${front.url}/echo`, { file }, { proxy: false });
      const fields = new Map<string, string>(echo.headers);
      const body = Buffer.from(echo.body, 'base64').toString('latin1');
      const [boundary = ''] = body.split('\r\n', 1);
      return { length: fields.get('Content-Length'), body: body.replaceAll(boundary, '--boundary') };
    },
  },
  {
    name: 'a stream that is paused and resumed',
    async run({ client, origin }) {
      const { data } = await client().get(`${origin.url}/large?bytes=300000`, { responseType: 'stream' });
      let length = 0;
      data.on('data', (chunk: Buffer) => {
        length += chunk.length;
        data.pause();
        setImmediate(() => data.resume());
      });
      await new Promise((resolve) => data.once('end', resolve));
      return length;
    },
  },
  {
    name: 'a stream that is read late',
    async run(stage) {
      const { data, request } = await stage
        .client()
        .get(`${stage.origin.url}/json`, { responseType: 'stream' });
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      stage.note('the request', request.destroyed, data.readableEnded, data.destroyed);
      return [data, await readToEnd(stage, data)];
    },
  },
  {
    name: 'a stream for the web',
    async run({ client, origin }) {
      const { data } = await client().get<Readable>(`${origin.url}/text`, { responseType: 'stream' });
      let text = '';
      for await (const chunk of Readable.toWeb(data)) text += Buffer.from(chunk).toString();
      return text;
    },
  },
  {
    name: 'a stream with two ends',
    async run({ client, origin }) {
      const { data } = await client().get<Readable>(`${origin.url}/large`, { responseType: 'stream' });
      const ends = [data.pipe(new PassThrough()), data.pipe(new PassThrough())];
      return Promise.all(ends.map(async (end) => (await drain(end)).length));
    },
  },
  {
    name: 'a stream that is decoded by its reader',
    async run({ client, origin }) {
      const config = { responseType: 'stream', decompress: false } as const;
      const { data } = await client().get<Readable>(`${origin.url}/gzip`, config);
      const decoded = createGunzip();
      const [text] = await Promise.all([drain(decoded), pipeline(data, decoded)]);
      return text.toString();
    },
  },
  {
    name: 'a stream that is read piece by piece',
    async run({ client, origin, note }) {
      const { data } = await client().get<Readable>(`${origin.url}/binary`, { responseType: 'stream' });
      const pieces: unknown[] = [];
      data.on('readable', () => {
        for (let piece = data.read(1024); piece !== null; piece = data.read(1024)) pieces.push(piece.length);
      });
      await new Promise((resolve) => data.once('close', resolve));
      note('ended', data.readableEnded);
      return pieces;
    },
  },
  inLargeBody('a signal that aborts in the body of a stream', async (stage) => {
    const control = new AbortController();
    const body = await openLarge(stage, { signal: control.signal });
    body.once('data', () => control.abort());
    return readToEnd(stage, body);
  }),
  inLargeBody('a stream that is destroyed in the body', async (stage) => {
    const body = await openLarge(stage);
    body.once('data', () => body.destroy());
    return readToEnd(stage, body);
  }),
  inLargeBody('a stream that is destroyed with an error', async (stage) => {
    const body = await openLarge(stage);
    body.once('data', () => body.destroy(new Error('enough')));
    return readToEnd(stage, body);
  }),
  inLargeBody('a stream that is destroyed before it is read', async (stage) => {
    const body = await openLarge(stage);
    body.destroy();
    return readToEnd(stage, body);
  }),
  inLargeBody('a stream that is left in the middle of a loop', async (stage) => {
    const body = await openLarge(stage);
    stage.watch(body, 'body', ['end', 'aborted', 'error', 'close']);
    const closed = new Promise((resolve) => body.once('close', resolve));
    for await (const chunk of body) if (chunk.length > 0) break;
    await closed;
    return body;
  }),
  inLargeBody('a pipeline whose end fails', async (stage) => {
    const body = await openLarge(stage);
    stage.watch(body, 'body', ['end', 'aborted', 'error', 'close']);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the shelf is full')) });
    const closed = new Promise((resolve) => body.once('close', resolve));
    const failure = await pipeline(body, full).catch((error: unknown) => error);
    await closed;
    return failure;
  }),
];

async function openLarge({ client, origin }: AxiosStage, config?: AxiosRequestConfig): Promise<Readable> {
  const url = `${origin.url}/large?bytes=3000000`;
  const response = await client().get<Readable>(url, { ...config, responseType: 'stream' });
  return response.data;
}
