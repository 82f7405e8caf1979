import axiosStatic, { AxiosError } from 'axios';
import { failure, type AxiosExample } from './axios-example.ts';

/** Errors and timeouts. */
export const axiosErrors: readonly AxiosExample[] = [
  {
    name: 'an error with a response',
    async run({ axios, site }) {
      const error = await failure(axios.get(`${site.url}/status/404`));
      const { name, message, code, status, response, request, config } = error;
      return {
        known: axiosStatic.isAxiosError(error),
        name,
        message,
        code,
        status,
        data: response?.data,
        type: response?.headers['content-type'],
        request: request?.path,
        method: config?.method,
      };
    },
    gives: {
      known: true,
      name: 'AxiosError',
      message: 'Request failed with status code 404',
      code: 'ERR_BAD_REQUEST',
      status: 404,
      data: { message: 'There is no such jar' },
      type: 'application/json',
      request: '/status/404',
      method: 'get',
    },
  },
  {
    name: 'an error of the server',
    async run({ axios, site }) {
      const { code, response } = await failure(axios.get(`${site.url}/status/500`));
      return [code, response?.data];
    },
    gives: ['ERR_BAD_RESPONSE', { message: 'The shelf fell down' }],
    asksAgain: 1,
  },
  {
    name: 'an error without a response',
    async run({ axios }) {
      const { code, response, request, cause } = await failure(axios.get('http://127.0.0.1:1/'));
      return [code, response, request !== undefined, cause?.name];
    },
    gives: ['ECONNREFUSED', undefined, true, 'Error'],
    asks: 0,
  },
  {
    name: 'an error before there is a request',
    async run({ axios }) {
      const { code, request } = await failure(axios.get('https:/pantry.test'));
      return [code, request];
    },
    gives: ['ERR_INVALID_URL', undefined],
    asks: 0,
  },
  {
    name: 'a body that is cut off',
    run: async ({ axios, site }) => (await failure(axios.get(`${site.url}/truncated`))).code,
    gives: 'ERR_BAD_RESPONSE',
    asksAgain: 1,
  },
  {
    name: 'toJSON',
    async run({ axios, site }) {
      const json: Record<string, unknown> = Object(
        (await failure(axios.get(`${site.url}/status/404`))).toJSON(),
      );
      return [json['message'], json['name'], json['code'], json['status']];
    },
    gives: ['Request failed with status code 404', 'AxiosError', 'ERR_BAD_REQUEST', 404],
  },
  {
    name: 'toJSON without secrets',
    async run({ axios, site }) {
      const error = await failure(
        axios.get(`${site.url}/status/404`, {
          headers: { Authorization: 'Bearer token' },
          redact: ['authorization'],
        }),
      );
      return Reflect.get(Object(Reflect.get(error.toJSON(), 'config')).headers, 'Authorization');
    },
    gives: '[REDACTED ****]',
  },
  {
    name: 'params that are too deep',
    async run({ axios, site }) {
      const deep: Record<string, unknown> = {};
      let inner = deep;
      for (let depth = 0; depth < 120; depth += 1) inner['a'] = inner = {};
      inner['a'] = 1;
      const { cause } = await failure(axios.get(`${site.url}/anything`, { params: deep }));
      return cause instanceof AxiosError ? cause.code : cause;
    },
    gives: 'ERR_FORM_DATA_DEPTH_EXCEEDED',
    asks: 0,
  },
  {
    name: 'a timeout',
    async run({ axios, site }) {
      const { code, message } = await failure(axios.get(`${site.url}/delay/1`, { timeout: 50 }));
      return [code, message];
    },
    gives: ['ECONNABORTED', 'timeout of 50ms exceeded'],
    asks: 'either',
  },
  {
    name: 'a timeout that says so',
    async run({ axios, site }) {
      const { code } = await failure(
        axios.get(`${site.url}/delay/1`, { timeout: 50, transitional: { clarifyTimeoutError: true } }),
      );
      return code;
    },
    gives: AxiosError.ETIMEDOUT,
    asks: 'either',
  },
  {
    name: 'a timeout with words of its own',
    async run({ axios, site }) {
      const config = { timeout: 50, timeoutErrorMessage: 'Please try again.' };
      return (await failure(axios.get(`${site.url}/delay/1`, config))).message;
    },
    gives: 'Please try again.',
    asks: 'either',
  },
];
