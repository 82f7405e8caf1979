import { Agent } from 'node:http';
import { CancelError } from 'got';
import { failed, incomplete, warmUp } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** What the caller breaks off. */
export const gotCancels: readonly GotScenario[] = [
  {
    name: 'a signal that was aborted before',
    asksAgain: failed,
    run: async ({ client, origin }) => client()(`${origin.url}/json`, { signal: AbortSignal.abort() }),
  },
  {
    name: 'a signal that was aborted before, with the response stored',
    warm: warmUp('/json'),
    run: async ({ client, origin }) => client()(`${origin.url}/json`, { signal: AbortSignal.abort() }),
  },
  {
    name: 'a signal that aborts',
    asksAgain: failed,
    async run({ client, origin }) {
      const control = new AbortController();
      void origin.received('/stall-head').then(() => control.abort());
      return client()(`${origin.url}/stall-head`, { signal: control.signal });
    },
  },
  {
    name: 'a signal that aborts in the body',
    asksAgain: incomplete,
    async run({ client, origin }) {
      const control = new AbortController();
      const request = client()(`${origin.url}/stall-body`, { signal: control.signal });
      void request.on('downloadProgress', ({ transferred }) => {
        if (transferred > 0) control.abort();
      });
      return request;
    },
  },
  {
    name: 'a signal that is not aborted',
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, { signal: new AbortController().signal }),
  },
  {
    name: '.cancel()',
    asksAgain: failed,
    async run({ client, origin }) {
      const request = client()(`${origin.url}/stall-head`);
      void origin.received('/stall-head').then(() => request.cancel());
      return request;
    },
  },
  {
    name: '.cancel() at once',
    asksAgain: failed,
    async run({ client, origin }) {
      const request = client()(`${origin.url}/json`);
      request.cancel();
      return request;
    },
  },
  {
    name: '.cancel() at once, with the response stored',
    warm: warmUp('/json'),
    async run({ client, origin }) {
      const request = client()(`${origin.url}/json`);
      request.cancel();
      return request;
    },
  },
  {
    name: '.cancel() in the body',
    asksAgain: incomplete,
    async run({ client, origin }) {
      const request = client()(`${origin.url}/stall-body`);
      void request.on('downloadProgress', ({ transferred }) => {
        if (transferred > 0) request.cancel();
      });
      return request;
    },
  },
  {
    name: '.cancel() in the body of a stored response',
    warm: warmUp('/large?bytes=3000000'),
    async run({ client, origin }) {
      const request = client()(`${origin.url}/large?bytes=3000000`);
      void request.on('downloadProgress', ({ transferred }) => {
        if (transferred > 0) request.cancel();
      });
      const error: unknown = await request.catch((thrown: unknown) => thrown);
      return error instanceof CancelError && [error.name, error.message, error.code, request.isCanceled];
    },
  },
  {
    name: '.cancel() and a signal that aborts, after the end',
    async run({ client, origin }) {
      const control = new AbortController();
      const request = client()(`${origin.url}/json`, { signal: control.signal });
      const response = await request;
      request.cancel();
      control.abort();
      return [response, request.isCanceled];
    },
  },
  {
    name: 'a signal that aborts with a reason',
    asksAgain: failed,
    async run({ client, origin }) {
      const control = new AbortController();
      void origin.received('/stall-head').then(() => control.abort(new Error('enough')));
      return client()(`${origin.url}/stall-head`, { signal: control.signal });
    },
  },
  {
    name: 'a signal that aborts between two attempts',
    asksAgain: failed,
    run: async ({ client, origin }) => {
      const control = new AbortController();
      return client()(`${origin.url}/status?code=500&cache-control=no-store`, {
        signal: control.signal,
        retry: {
          limit: 2,
          calculateDelay: () => {
            setImmediate(() => control.abort());
            return 1000;
          },
        },
      });
    },
  },
  {
    name: 'a signal that aborts behind a redirect',
    asksAgain: failed,
    async run({ client, origin }) {
      const control = new AbortController();
      void origin.received('/stall-head').then(() => control.abort());
      // A connection that is used for the first time tells nobody its address once it is destroyed.
      const agent = { http: new Agent() };
      const url = `${origin.url}/redirect?to=/stall-head&cache-control=no-store`;
      return client()(url, { agent, signal: control.signal });
    },
  },
];
