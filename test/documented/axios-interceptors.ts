import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { failure, type AxiosExample } from './axios-example.ts';
import type { Echo } from './echo.ts';

/** Interceptors of the user, which are there after the cache. */
export const axiosInterceptors: readonly AxiosExample[] = [
  {
    name: 'interceptors of requests and responses',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use(
        (config) => {
          config.headers.set('X-Before', 'yes');
          return config;
        },
        (error) => rejectWith(error),
      );
      instance.interceptors.response.use(
        (response) => {
          response.data = response.data.headers['x-before'];
          return response;
        },
        (error) => rejectWith(error),
      );
      return (await instance.get(`${site.url}/headers`)).data;
    },
    gives: 'yes',
  },
  {
    name: 'an interceptor of responses that sees an error',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.response.use(
        (response) => response,
        (error) => rejectWith(Object.assign(error, { seen: true })),
      );
      const error = await failure(instance.get(`${site.url}/status/404`));
      return [error.status, 'seen' in error];
    },
    gives: [404, true],
  },
  {
    name: 'an interceptor that is taken out again',
    async run({ create, site }) {
      const instance = create();
      const id = instance.interceptors.request.use(marking('ejected'));
      instance.interceptors.request.use(marking('kept'));
      instance.interceptors.request.eject(id);
      return marksOf(instance, site.url);
    },
    gives: 'kept',
  },
  {
    name: 'all interceptors taken out',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use(marking('cleared'));
      instance.interceptors.request.clear();
      instance.interceptors.response.clear();
      return marksOf(instance, site.url);
    },
    gives: undefined,
    // The cache's own is one of them.
    asksAgain: 1,
  },
  {
    name: 'a synchronous interceptor',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use(marking('I am only a header!'), null, { synchronous: true });
      return marksOf(instance, site.url);
    },
    gives: 'I am only a header!',
  },
  {
    name: 'an interceptor that refuses a request',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use(
        (config) => {
          if (!config.headers.has('Authorization')) throw new Error('Authorization is required');
          return config;
        },
        (error) => rejectWith(error),
        { synchronous: true },
      );
      const refused = await instance.get(`${site.url}/headers`).catch((error: Error) => error.message);
      const { data } = await instance.get<Echo>(`${site.url}/headers`, { headers: { Authorization: 'me' } });
      return [refused, data.headers['authorization']];
    },
    gives: ['Authorization is required', 'me'],
  },
  {
    name: 'an interceptor that fails, and a handler that lets the request go on',
    async run({ create, site }) {
      const instance = create();
      const warnings: string[] = [];
      instance.interceptors.request.use(
        () => {
          throw new Error('Optional preparation failed');
        },
        (error) => void warnings.push(error.message),
        { synchronous: true },
      );
      return [(await instance.get(`${site.url}/text`)).data, warnings];
    },
    gives: ['Hello, world!', ['Optional preparation failed']],
    // With that, axios runs no other interceptor, and the cache is one that comes later.
    asksAgain: 1,
  },
  {
    name: 'runWhen',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use(marking('special get headers'), null, {
        runWhen: ({ method }) => method === 'get',
      });
      const { data } = await instance.post<Echo>(`${site.url}/post`);
      return [await marksOf(instance, site.url), data.headers['x-marks']];
    },
    gives: ['special get headers', undefined],
    asks: 2,
    asksAgain: 1,
  },
  {
    name: 'the order of interceptors',
    async run({ create, site }) {
      const instance = create();
      const order: string[] = [];
      for (const id of [1, 2, 3]) {
        instance.interceptors.request.use((config) => {
          order.push(`request ${id}`);
          return config;
        });
        instance.interceptors.response.use((response) => {
          order.push(`response ${id}`);
          return response;
        });
      }
      await instance.get(`${site.url}/text`);
      return order;
    },
    gives: ['request 3', 'request 2', 'request 1', 'response 1', 'response 2', 'response 3'],
  },
  {
    name: 'an interceptor that throws, and the next that catches',
    async run({ create, site }) {
      const instance = create();
      const order: string[] = [];
      instance.interceptors.response.use(() => {
        throw new Error('on the way');
      });
      instance.interceptors.response.use(
        (response) => {
          order.push('skipped');
          return response;
        },
        (error) => ({ ...error, data: `caught ${error.message}` }),
      );
      instance.interceptors.response.use((response) => {
        order.push(`${response.data}`);
        return response;
      });
      await instance.get(`${site.url}/text`);
      return order;
    },
    gives: ['caught on the way'],
  },
  {
    name: 'an interceptor that takes its time',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use(async (config) => {
        await new Promise(setImmediate);
        return marking('late')(config);
      });
      return marksOf(instance, site.url);
    },
    gives: 'late',
  },
  {
    name: 'AxiosHeaders in an interceptor',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.request.use((request) => {
        request.headers.set('My-header', 'value');
        request.headers.set({ 'My-set-header1': 'my-set-value1', 'My-set-header2': 'my-set-value2' });
        request.headers.set('User-Agent', false);
        request.headers.setAccept('text/plain');
        request.headers['My-set-header2'] = 'newValue';
        return request;
      });
      const { headers } = (await instance.get<Echo>(`${site.url}/headers`)).data;
      return ['my-header', 'my-set-header1', 'my-set-header2', 'user-agent', 'accept'].map(
        (name) => headers[name],
      );
    },
    gives: ['value', 'my-set-value1', 'newValue', undefined, 'text/plain'],
  },
  {
    name: 'a request again, with another token',
    async run({ create, site }) {
      const instance = create();
      instance.interceptors.response.use(undefined, (error) => {
        if (error.response?.status !== 401 || error.config.headers.has('token')) throw error;
        error.config.headers.set('token', 'new');
        return instance.request(error.config);
      });
      return (await instance.get(`${site.url}/token`)).data;
    },
    gives: { welcome: true },
    asks: 2,
    asksAgain: 1,
  },
];

async function rejectWith(error: Error): Promise<never> {
  throw error;
}

function marking(mark: string): (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig {
  return (config) => {
    config.headers.set('X-Marks', mark);
    return config;
  };
}

async function marksOf(instance: AxiosInstance, site: string): Promise<string | undefined> {
  const { data } = await instance.get<Echo>(`${site}/headers`);
  return data.headers['x-marks'];
}
