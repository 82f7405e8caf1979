import { Agent } from 'node:http';
import { CancelError } from 'got';
import { failed, incomplete, warmUp } from './got-gets.ts';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

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
    name: 'a signal that times out',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/stall-head`, { signal: AbortSignal.timeout(150) }),
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
    name: 'a signal that aborts a stream',
    asksAgain: incomplete,
    async run(stage) {
      const control = new AbortController();
      const stream = stage.client().stream(`${stage.origin.url}/stall-body`, { signal: control.signal });
      stream.once('data', () => control.abort());
      return readToEnd(stage, stream, false);
    },
  },
  {
    name: 'a signal that aborts in the body of a stored stream',
    warm: warmUp('/large?bytes=3000000'),
    async run(stage) {
      const control = new AbortController();
      const url = `${stage.origin.url}/large?bytes=3000000`;
      const stream = stage.client().stream(url, { signal: control.signal });
      stream.once('data', () => control.abort());
      return readToEnd(stage, stream, false);
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
  {
    name: 'a stream that is destroyed at once',
    asksAgain: failed,
    run: (stage) => destroyed(stage, '/json', (stream) => stream.destroy()),
  },
  {
    name: 'a stream that is destroyed before the head',
    asksAgain: failed,
    run: (stage) =>
      destroyed(stage, '/stall-head', (stream) => {
        void stage.origin.received('/stall-head').then(() => stream.destroy());
      }),
  },
  {
    name: 'a stream that is destroyed with an error before the head',
    asksAgain: failed,
    run: (stage) =>
      destroyed(stage, '/stall-head', (stream) => {
        void stage.origin.received('/stall-head').then(() => stream.destroy(new Error('enough')));
      }),
  },
  {
    name: 'a stream that is destroyed when its request is there',
    asksAgain: failed,
    run: (stage) => destroyed(stage, '/json', (stream) => stream.once('request', () => stream.destroy())),
  },
  {
    name: 'a stored stream that is destroyed when its request is there',
    warm: warmUp('/json'),
    run: (stage) => destroyed(stage, '/json', (stream) => stream.once('request', () => stream.destroy())),
  },
  {
    name: 'a stored stream that is destroyed when its head is there',
    warm: warmUp('/large?bytes=3000000'),
    run: (stage) =>
      destroyed(stage, '/large?bytes=3000000', (stream) => stream.once('response', () => stream.destroy())),
  },
  {
    name: 'a stream that is destroyed after the end',
    async run(stage) {
      const stream = stage.client().stream(`${stage.origin.url}/json`);
      const body = await readToEnd(stage, stream, false);
      stream.destroy();
      return [body, stream];
    },
  },
];

type GotStream = ReturnType<ReturnType<GotStage['client']>['stream']>;

/** Opens a stream that is broken off, and waits until it is closed. */
async function destroyed(
  stage: GotStage,
  path: string,
  breakOff: (stream: GotStream) => void,
): Promise<unknown> {
  const stream = stage.client().stream(`${stage.origin.url}${path}`);
  stage.watch(stream, 'stream', ['request', 'response', 'end', 'error', 'close']);
  const closed = new Promise((resolve) => stream.once('close', resolve));
  breakOff(stream);
  await closed;
  return stream;
}
