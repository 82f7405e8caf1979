import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import axios, { type AxiosRequestConfig } from 'axios';
import { getting, streaming, warmUp } from './axios-bodies.ts';
import type { AxiosScenario, AxiosStage } from './axios-kit.ts';
import { readToEnd } from './read-to-end.ts';

const failed = 'nothing is stored of a request that failed';
const incomplete = 'a body that did not come whole is not stored';

/** GETs a path, and has the caller give up once the origin received the request. */
function givingUp(
  name: string,
  giveUp: () => { readonly config: AxiosRequestConfig; readonly now: () => void },
): AxiosScenario {
  return {
    name,
    asksAgain: failed,
    async run({ client, origin }) {
      const { config, now } = giveUp();
      void origin.received('/stall-head').then(now);
      return client().get(`${origin.url}/stall-head`, config);
    },
  };
}

/** Reads the first chunk of a large body, then has the caller give up. */
function givingUpInBody(name: string, giveUp: (stage: AxiosStage) => Promise<unknown>): AxiosScenario {
  return { name, run: giveUp, warm: warmUp('/large?bytes=3000000') };
}

/** What goes wrong on the way, and what the caller breaks off. */
export const axiosFaults: readonly AxiosScenario[] = [
  getting('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  getting(
    'a truncated body as bytes',
    '/truncated',
    { responseType: 'arraybuffer' },
    { asksAgain: incomplete },
  ),
  getting('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  streaming('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  streaming('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  getting('a connection that is hung up', '/hang-up', {}, { asksAgain: failed }),
  getting('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  getting('a connection that is reset, maxRedirects 0', '/reset', { maxRedirects: 0 }, { asksAgain: failed }),
  streaming('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  {
    name: 'a connection that is refused',
    asksAgain: failed,
    async run({ client, elsewhere }) {
      await elsewhere.close();
      return client().get(`${elsewhere.url}/json`);
    },
  },
  {
    name: 'a host name that does not resolve',
    asksAgain: failed,
    run: ({ client }) =>
      client().get('http://nowhere.test/json', {
        lookup: (_host: string, _options: object, done: (error: Error | null, address: string) => void) =>
          done(Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.test'), { code: 'ENOTFOUND' }), ''),
      }),
  },
  {
    name: 'a URL that does not parse',
    asksAgain: failed,
    run: ({ client }) => client().get('http://['),
  },
  {
    name: 'a protocol that axios does not know',
    asksAgain: failed,
    run: ({ client }) => client().get('gopher://127.0.0.1/'),
  },
  {
    name: 'a field value that axios mends',
    run: ({ client, origin }) => client().get(`${origin.url}/json`, { headers: { 'X-Bad': 'a\u0000b' } }),
  },
  getting('a timeout', '/stall-head', { timeout: 150 }, { asksAgain: failed }),
  getting(
    'a timeout with maxRedirects 0',
    '/stall-head',
    { timeout: 150, maxRedirects: 0 },
    { asksAgain: failed },
  ),
  getting(
    'a timeout that is told from an abort',
    '/stall-head',
    { timeout: 150, transitional: { clarifyTimeoutError: true } },
    { asksAgain: failed },
  ),
  getting(
    'a timeout with a message',
    '/stall-head',
    { timeout: 150, timeoutErrorMessage: 'too late' },
    { asksAgain: failed },
  ),
  getting('a timeout in the body', '/stall-body', { timeout: 150 }, { asksAgain: incomplete }),
  getting('a timeout that is long enough', '/json', { timeout: 10_000 }),
  {
    name: 'a signal that was aborted before',
    asksAgain: failed,
    run: ({ client, origin }) => client().get(`${origin.url}/json`, { signal: AbortSignal.abort() }),
  },
  {
    name: 'a signal that was aborted before, with the response stored',
    warm: warmUp('/json'),
    run: ({ client, origin }) => client().get(`${origin.url}/json`, { signal: AbortSignal.abort() }),
  },
  givingUp('a signal that aborts', () => {
    const control = new AbortController();
    return { config: { signal: control.signal }, now: () => control.abort() };
  }),
  givingUp('a signal that aborts, maxRedirects 0', () => {
    const control = new AbortController();
    return { config: { signal: control.signal, maxRedirects: 0 }, now: () => control.abort() };
  }),
  givingUp('a signal that aborts a stream', () => {
    const control = new AbortController();
    return { config: { signal: control.signal, responseType: 'stream' }, now: () => control.abort() };
  }),
  givingUp('a CancelToken', () => {
    const source = axios.CancelToken.source();
    return { config: { cancelToken: source.token }, now: () => source.cancel('enough') };
  }),
  {
    name: 'a signal that is not aborted',
    run: ({ client, origin }) => client().get(`${origin.url}/json`, { signal: new AbortController().signal }),
  },
  {
    name: 'a signal that aborts in the body',
    asksAgain: incomplete,
    async run({ client, origin }) {
      const control = new AbortController();
      return client().get(`${origin.url}/stall-body`, {
        signal: control.signal,
        onDownloadProgress: () => control.abort(),
      });
    },
  },
  givingUpInBody('a signal that aborts in the body of a stream', async (stage) => {
    const control = new AbortController();
    const body = await openLarge(stage, { signal: control.signal });
    body.once('data', () => control.abort());
    return readToEnd(stage, body);
  }),
  givingUpInBody('a stream that is destroyed in the body', async (stage) => {
    const body = await openLarge(stage);
    body.once('data', () => body.destroy());
    return readToEnd(stage, body);
  }),
  givingUpInBody('a stream that is destroyed with an error', async (stage) => {
    const body = await openLarge(stage);
    body.once('data', () => body.destroy(new Error('enough')));
    return readToEnd(stage, body);
  }),
  givingUpInBody('a stream that is destroyed before it is read', async (stage) => {
    const body = await openLarge(stage);
    body.destroy();
    return readToEnd(stage, body);
  }),
  givingUpInBody('a stream that is left in the middle of a loop', async (stage) => {
    const body = await openLarge(stage);
    stage.watch(body, 'body', ['end', 'aborted', 'error', 'close']);
    const closed = new Promise((resolve) => body.once('close', resolve));
    for await (const chunk of body) if (chunk.length > 0) break;
    await closed;
    return body;
  }),
  givingUpInBody('a pipeline whose end fails', async (stage) => {
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
