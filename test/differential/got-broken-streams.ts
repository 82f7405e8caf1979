import { failed, incomplete, warmUp } from './got-gets.ts';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

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

/** Streams that the caller breaks off. */
export const gotBrokenStreams: readonly GotScenario[] = [
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
