import axiosStatic from 'axios';
import { failure, type AxiosExample } from './axios-example.ts';

/** Cancelling, with what is new and with what is old. */
export const axiosCancellation: readonly AxiosExample[] = [
  {
    name: 'an AbortController',
    async run({ axios, site }) {
      const controller = new AbortController();
      const error = failure(axios.get(`${site.url}/delay/1`, { signal: controller.signal }));
      await site.received('/delay/1');
      controller.abort();
      const { name, code, message } = await error;
      return [axiosStatic.isCancel(await error), name, code, message];
    },
    gives: [true, 'CanceledError', 'ERR_CANCELED', 'canceled'],
    asksAgain: 1,
  },
  {
    name: 'an AbortController that aborts at once',
    async run({ axios, site }) {
      const controller = new AbortController();
      const error = failure(axios.get(`${site.url}/text`, { signal: controller.signal }));
      controller.abort();
      return axiosStatic.isCancel(await error);
    },
    gives: true,
    asks: 0,
  },
  {
    name: 'a signal that aborts when time is up',
    async run({ axios, site }) {
      const error = failure(axios.get(`${site.url}/delay/1`, { signal: AbortSignal.timeout(30) }));
      return axiosStatic.isCancel(await error);
    },
    gives: true,
    asks: 'either',
  },
  {
    name: 'a token of a source, for two requests',
    async run({ axios, site }) {
      const source = axiosStatic.CancelToken.source();
      const got = failure(axios.get(`${site.url}/delay/1`, { cancelToken: source.token }));
      const posted = failure(
        axios.post(`${site.url}/delay/1`, { name: 'new name' }, { cancelToken: source.token }),
      );
      await site.received('/delay/1', 2);
      source.cancel('Operation canceled by the user.');
      return [(await got).message, (await posted).message, axiosStatic.isCancel(await got)];
    },
    gives: ['Operation canceled by the user.', 'Operation canceled by the user.', true],
    asks: 2,
    asksAgain: 2,
  },
  {
    name: 'a token of an executor',
    async run({ axios, site }) {
      let cancel = (): void => undefined;
      const cancelToken = new axiosStatic.CancelToken((canceller) => void (cancel = () => canceller()));
      const error = failure(axios.get(`${site.url}/delay/1`, { cancelToken }));
      await site.received('/delay/1');
      cancel();
      return (await error).code;
    },
    gives: 'ERR_CANCELED',
    asksAgain: 1,
  },
  {
    name: 'a token that is cancelled already',
    async run({ axios, site }) {
      const source = axiosStatic.CancelToken.source();
      source.cancel('too late');
      return (await failure(axios.get(`${site.url}/text`, { cancelToken: source.token }))).message;
    },
    gives: 'too late',
    asks: 0,
  },
  {
    name: 'a token and a signal',
    async run({ axios, site }) {
      const controller = new AbortController();
      const source = axiosStatic.CancelToken.source();
      const error = failure(
        axios.get(`${site.url}/delay/1`, { cancelToken: source.token, signal: controller.signal }),
      );
      await site.received('/delay/1');
      controller.abort();
      source.cancel('Operation canceled by the user.');
      return axiosStatic.isCancel(await error);
    },
    gives: true,
    asksAgain: 1,
  },
  {
    name: 'a token that nobody cancels',
    async run({ axios, site }) {
      const source = axiosStatic.CancelToken.source();
      const { data } = await axios.get(`${site.url}/text`, { cancelToken: source.token });
      source.cancel('after the end');
      return data;
    },
    gives: 'Hello, world!',
  },
];
