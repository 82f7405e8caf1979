import { getEventListeners } from 'node:events';
import axios, { type AxiosRequestConfig } from 'axios';
import { warmUp } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';
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

/** What the caller breaks off. */
export const axiosCancels: readonly AxiosScenario[] = [
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
  givingUp('a signal that aborts with a reason', () => {
    const control = new AbortController();
    return { config: { signal: control.signal }, now: () => control.abort(new Error('enough')) };
  }),
  givingUp('a CancelToken', () => {
    const source = axios.CancelToken.source();
    return { config: { cancelToken: source.token }, now: () => source.cancel('enough') };
  }),
  givingUp('a CancelToken of a stream', () => {
    const source = axios.CancelToken.source();
    const config = { cancelToken: source.token, responseType: 'stream' } as const;
    return { config, now: () => source.cancel('enough') };
  }),
  {
    name: 'a CancelToken that was cancelled before',
    asksAgain: failed,
    run({ client, origin }) {
      const source = axios.CancelToken.source();
      source.cancel('enough');
      return client().get(`${origin.url}/json`, { cancelToken: source.token });
    },
  },
  {
    name: 'a CancelToken that cancels in the body',
    asksAgain: incomplete,
    run({ client, origin }) {
      const source = axios.CancelToken.source();
      const onDownloadProgress = (): void => source.cancel('enough');
      return client().get(`${origin.url}/stall-body`, { cancelToken: source.token, onDownloadProgress });
    },
  },
  {
    name: 'a signal that aborts in the turn of the request',
    asksAgain: failed,
    warm: warmUp('/json'),
    run({ client, origin }) {
      const control = new AbortController();
      const asked = client().get(`${origin.url}/json`, { signal: control.signal });
      control.abort();
      return asked;
    },
  },
  {
    name: 'a signal that aborts after the response',
    async run({ client, origin }) {
      const control = new AbortController();
      const response = await client().get(`${origin.url}/json`, { signal: control.signal });
      control.abort();
      return response;
    },
  },
  {
    name: 'a signal that aborts after the end of a stream',
    async run(stage) {
      const control = new AbortController();
      const config = { signal: control.signal, responseType: 'stream' } as const;
      const { data } = await stage.client().get(`${stage.origin.url}/json`, config);
      const body = await readToEnd(stage, data);
      control.abort();
      return [data, body];
    },
  },
  {
    name: 'a signal of many requests',
    together: true,
    async run({ client, origin, note }) {
      const { signal } = new AbortController();
      const instance = client({ defaults: { signal } });
      const paths = ['/json', '/gzip', '/redirect?to=/text', '/status?code=203'];
      const all = await Promise.all(paths.map((path) => instance.get(`${origin.url}${path}`)));
      note('listeners', getEventListeners(signal, 'abort').length);
      return all.map(({ data }) => data);
    },
  },
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
];
