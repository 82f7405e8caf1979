import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios';
import { send } from '../helpers/reply.ts';
import type { AxiosScenario } from './axios-kit.ts';

const noStore = 'it says no-store';
const noStoreField = ['Cache-Control', 'no-store'] as const;
const failed = 'nothing is asked, or nothing is stored of it';

type Install = (instance: AxiosInstance) => void;

/** Uses an interceptor as one that was there before the cache, and as one that came after it. */
function eachSide(
  name: string,
  intercept: Install,
  path: string,
  rest: Partial<AxiosScenario> = {},
): AxiosScenario[] {
  return (['before', 'after'] as const).map((side) => ({
    name: `${name}, ${side} the cache`,
    run({ client, origin }) {
      origin.route('/flaky', (call) =>
        send(call, { status: call.nth < 3 ? 503 : 200, headers: [noStoreField] }),
      );
      origin.route('/guarded', (call) =>
        send(call, {
          status: call.request.headers.authorization === 'Bearer plum' ? 200 : 401,
          headers: [noStoreField],
        }),
      );
      return client({ [side]: intercept }).get(`${origin.url}${path}`);
    },
    ...rest,
  }));
}

/** Marks every request and response that passes, to show in which order interceptors run. */
function marking(mark: string): Install {
  return ({ interceptors }) => {
    interceptors.request.use((config) => {
      config.headers.set('X-Passed', `${String(config.headers.get('X-Passed') ?? '')}${mark}`);
      return config;
    });
    interceptors.response.use((response) => {
      response.headers['x-passed'] = `${String(response.headers['x-passed'] ?? '')}${mark}`;
      return response;
    });
  };
}

function retrying(instance: AxiosInstance): void {
  instance.interceptors.response.use(undefined, async (error: unknown) => {
    if (!axios.isAxiosError(error) || error.config === undefined) throw error;
    const tries = Number(error.config.headers.get('X-Try') ?? 0);
    if (tries === 2) throw error;
    error.config.headers.set('X-Try', tries + 1);
    return instance.request(error.config);
  });
}

function authorizing(instance: AxiosInstance): void {
  instance.interceptors.response.use(undefined, async (error: unknown) => {
    if (!axios.isAxiosError(error) || error.response?.status !== 401 || error.config === undefined)
      throw error;
    const { data } = await instance.get<string>(new URL('/no-store', error.config.url).href);
    error.config.headers.set('Authorization', data.startsWith('never') ? 'Bearer plum' : 'none');
    return instance.request(error.config);
  });
}

function toLanguage(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  config.headers.set('Accept-Language', 'de-AT');
  return config;
}

/** Interceptors of the user's own. */
export const axiosInterceptors: readonly AxiosScenario[] = [
  ...eachSide('interceptors', marking('x'), '/echo'),
  {
    name: 'interceptors on both sides',
    run: ({ client, origin }) =>
      client({ before: marking('b'), after: marking('a') }).get(`${origin.url}/echo`),
  },
  ...eachSide(
    'a synchronous interceptor',
    ({ interceptors }) => interceptors.request.use(toLanguage, undefined, { synchronous: true }),
    '/vary',
  ),
  ...eachSide(
    'an asynchronous interceptor',
    ({ interceptors }) =>
      interceptors.request.use(async (config) => {
        await new Promise(setImmediate);
        return toLanguage(config);
      }),
    '/vary',
  ),
  ...eachSide(
    'an interceptor with runWhen',
    ({ interceptors }) => {
      interceptors.request.use(toLanguage, undefined, { runWhen: ({ method }) => method === 'get' });
      interceptors.request.use(() => Promise.reject(new Error('not this')), undefined, {
        runWhen: () => false,
      });
    },
    '/vary',
  ),
  ...eachSide(
    'an interceptor that gives another config',
    ({ interceptors }) => interceptors.request.use((config) => ({ ...toLanguage(config), timeout: 9000 })),
    '/vary',
  ),
  ...eachSide(
    'an interceptor that throws',
    ({ interceptors }) =>
      interceptors.request.use(() => {
        throw new Error('not today');
      }),
    '/json',
    { asksAgain: failed },
  ),
  ...eachSide(
    'a synchronous interceptor that throws',
    ({ interceptors }) =>
      interceptors.request.use(
        () => {
          throw new Error('not today');
        },
        undefined,
        { synchronous: true },
      ),
    '/json',
    { asksAgain: failed },
  ),
  ...eachSide(
    'an interceptor that handles the failure of another',
    ({ interceptors }) => {
      interceptors.request.use(
        (config) => config,
        () => Promise.reject(new Error('handled')),
      );
      interceptors.request.use(() => Promise.reject(new Error('first')));
    },
    '/json',
    { asksAgain: failed },
  ),
  ...eachSide(
    'an interceptor that cancels',
    ({ interceptors }) => interceptors.request.use((config) => ({ ...config, signal: AbortSignal.abort() })),
    '/json',
    { asksAgain: failed },
  ),
  ...eachSide(
    'an interceptor that gives the data alone',
    ({ interceptors }) => interceptors.response.use(({ data }) => data),
    '/json',
  ),
  ...eachSide(
    'an interceptor that makes an error of a response',
    ({ interceptors }) =>
      interceptors.response.use((response) => Promise.reject(new Error(response.statusText))),
    '/json',
  ),
  ...eachSide(
    'an interceptor that makes a response of an error',
    ({ interceptors }) => interceptors.response.use(undefined, ({ response }) => response),
    '/status?code=404',
  ),
  ...eachSide(
    'an interceptor that answers an error with a second request',
    (instance) =>
      instance.interceptors.response.use(undefined, (error) =>
        instance.request({ ...error.config, url: new URL('/json', error.config.url).href }),
      ),
    '/status?code=404',
  ),
  ...eachSide(
    'an interceptor that tries again, in vain',
    retrying,
    '/status?code=500&cache-control=no-store',
    {
      asksAgain: noStore,
    },
  ),
  ...eachSide('an interceptor that tries again', retrying, '/flaky', { asksAgain: noStore }),
  ...eachSide('an interceptor that fetches a token and tries again', authorizing, '/guarded', {
    asksAgain: noStore,
  }),
  {
    name: 'an interceptor that was ejected',
    run({ client, origin }) {
      const instance = client({ before: marking('b') });
      const id = instance.interceptors.request.use(() => Promise.reject(new Error('not this')));
      instance.interceptors.request.eject(id);
      return instance.get(`${origin.url}/echo`);
    },
  },
];
