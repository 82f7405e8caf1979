import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { describeFields, read } from './description.ts';
import { describeRequest } from './describe-message.ts';
import { failed, getting } from './got-gets.ts';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

const channels = [
  'got:request:create',
  'got:request:start',
  'got:response:start',
  'got:response:end',
  'got:request:retry',
  'got:request:error',
  'got:response:redirect',
];

/** Notes what got publishes on its diagnostics channels, apart from the numbers it gives its requests. */
function publishing(name: string, path: string, rest: Partial<GotScenario> = {}): GotScenario {
  return {
    ...getting(name, path),
    name: `what is published of ${name}`,
    async run({ client, origin, note }) {
      const listener = (message: unknown, channel: string | symbol): void => {
        const { requestId, timings, headers, ...said } = Object.fromEntries(
          Object.entries(message as object),
        );
        const parts = {
          requestId: typeof requestId,
          timings: typeof timings,
          headers: describeFields(headers),
        };
        note(String(channel), { ...said, ...parts });
      };
      for (const channel of channels) subscribe(channel, listener);
      try {
        return await client()(`${origin.url}${path}`);
      } finally {
        for (const channel of channels) unsubscribe(channel, listener);
      }
    },
    ...rest,
  };
}

/** Notes the events of a stream, and their order. */
function emitting(name: string, path: string, rest: Partial<GotScenario> = {}): GotScenario {
  return {
    name: `the events of ${name}`,
    async run(stage) {
      const stream = stage.client().stream(`${stage.origin.url}${path}`);
      stage.watch(stream, 'stream', [
        'uploadProgress',
        'downloadProgress',
        'request',
        'response',
        'redirect',
        'information',
        'continue',
        'upgrade',
        'connect',
        'end',
        'close',
      ]);
      await readToEnd(stage, stream, false);
    },
    ...rest,
  };
}

/** The native request, as it is when got gives it to its listeners, and when all is over. */
async function nativeRequest({ client, origin, watch }: GotStage): Promise<unknown> {
  const stream = client().stream(`${origin.url}/json`, { headers: { 'X-One': ['1', '2'] } });
  const [request] = await new Promise<[ClientRequest]>((resolve) =>
    stream.once('request', (...args: [ClientRequest]) => resolve(args)),
  );
  watch(request, 'native', ['finish', 'response', 'timeout', 'abort', 'error', 'close']);
  const atFirst = describeRequest(request, String);
  await stream.resume().toArray();
  const response: unknown = read(request, 'res');
  return [
    atFirst,
    describeRequest(request, String),
    read(response, 'statusCode'),
    read(response, 'req') === request,
  ];
}

/** What happens on the way, as it is told to listeners. */
export const gotEvents: readonly GotScenario[] = [
  publishing('a response', '/json'),
  publishing('a redirect', '/chain'),
  publishing('an error', '/status?code=404'),
  publishing('a failure', '/reset', { asksAgain: failed }),
  emitting('a response', '/json'),
  emitting('a redirect', '/chain'),
  emitting('early hints', '/early-hints'),
  emitting('an answer that is being processed', '/processing'),
  emitting('a failure', '/reset', { asksAgain: failed }),
  {
    name: 'the events of a promise',
    async run({ client, origin, note }) {
      const request = client()(`${origin.url}/chain`);
      for (const event of [
        'request',
        'response',
        'redirect',
        'uploadProgress',
        'downloadProgress',
      ] as const) {
        void request.on(event as 'request', () => note(event));
      }
      return request;
    },
  },
  { name: 'the native request', run: nativeRequest },
  {
    name: 'the native request, destroyed',
    asksAgain: failed,
    async run({ client, origin }) {
      const request = client()(`${origin.url}/stall-head`);
      void request.on('request', (native) => {
        void origin.received('/stall-head').then(() => native.destroy());
      });
      return request;
    },
  },
  {
    name: 'the native request, destroyed with an error at once',
    asksAgain: failed,
    async run({ client, origin }) {
      const request = client()(`${origin.url}/json`);
      void request.on('request', (native) => native.destroy(new Error('not this way')));
      return request;
    },
  },
];
