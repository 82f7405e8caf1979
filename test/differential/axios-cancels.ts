import axios, { type AxiosRequestConfig } from 'axios';
import { warmUp } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

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
