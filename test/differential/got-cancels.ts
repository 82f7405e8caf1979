import { failed, incomplete, warmUp } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';
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
];
