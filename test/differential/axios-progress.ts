import { Readable } from 'node:stream';
import type { AxiosProgressEvent, AxiosRequestConfig } from 'axios';
import { warmUp } from './axios-gets.ts';
import type { AxiosScenario, AxiosStage } from './axios-kit.ts';
import { readToEnd } from './read-to-end.ts';

const unsafe = 'the response to an unsafe method answers no later request';

/** All that a progress event holds; of what the clock has a part in, the types. */
function eventShape({ rate, estimated, event, ...told }: AxiosProgressEvent): unknown {
  return { ...told, rate: typeof rate, estimated: typeof estimated, event: typeof event };
}

/** Notes each event: for bodies that come in one piece. */
function everyDownload(name: string, path: string, config: AxiosRequestConfig = {}): AxiosScenario {
  return {
    name: `download progress of ${name}`,
    run: ({ client, origin, note }) =>
      client().get(`${origin.url}${path}`, {
        ...config,
        onDownloadProgress: (event) => note('progress', eventShape(event)),
      }),
  };
}

/** Notes the last event only, and of that what does not depend on how the chunks fall. */
async function lastProgress(
  { note }: Pick<AxiosStage, 'note'>,
  ask: (onProgress: (event: AxiosProgressEvent) => void) => Promise<unknown>,
): Promise<unknown> {
  let last: unknown;
  const answer = await ask(
    ({ bytes: _bytes, rate: _rate, estimated: _estimated, event: _event, ...told }) => {
      last = told;
    },
  );
  note('last progress', last);
  return answer;
}

/** Progress events. */
export const axiosProgress: readonly AxiosScenario[] = [
  everyDownload('json', '/json'),
  everyDownload('bytes', '/binary', { responseType: 'arraybuffer' }),
  everyDownload('gzip', '/gzip'),
  everyDownload('gzip with decompress false', '/gzip', { decompress: false }),
  everyDownload('nothing', '/empty'),
  everyDownload('an error', '/status?code=404'),
  everyDownload('what a redirect leads to', '/redirect?to=/json'),
  everyDownload('json without redirects', '/json', { maxRedirects: 0 }),
  {
    name: 'download progress of a large body',
    run: (stage) =>
      lastProgress(stage, (onDownloadProgress) =>
        stage.client().get(`${stage.origin.url}/large?bytes=3000000`, {
          responseType: 'arraybuffer',
          onDownloadProgress,
        }),
      ),
  },
  {
    name: 'download progress of a chunked body',
    run: (stage) =>
      lastProgress(stage, (onDownloadProgress) =>
        stage.client().get(`${stage.origin.url}/chunked`, { onDownloadProgress }),
      ),
  },
  {
    name: 'download progress of a stream',
    run: (stage) =>
      lastProgress(stage, async (onDownloadProgress) => {
        const url = `${stage.origin.url}/large?bytes=300000`;
        const { data } = await stage.client().get(url, { responseType: 'stream', onDownloadProgress });
        return readToEnd(stage, data);
      }),
  },
  {
    name: 'a listener for progress that aborts',
    warm: warmUp('/large?bytes=3000000'),
    run({ client, origin }) {
      const control = new AbortController();
      return client().get(`${origin.url}/large?bytes=3000000`, {
        responseType: 'arraybuffer',
        // Slow enough that there is more to come.
        maxRate: 500_000,
        signal: control.signal,
        onDownloadProgress: () => control.abort(),
      });
    },
  },
  ...(
    [
      ['bytes', () => Buffer.alloc(200_000, 'jam')],
      ['text', () => 'plum jam'],
      ['a stream', () => Readable.from([Buffer.alloc(100_000, 'jam'), Buffer.alloc(100_000, 'jam')])],
    ] as const
  ).map(([name, data]): AxiosScenario => ({
    name: `upload progress of ${name}`,
    asksAgain: unsafe,
    run: (stage) =>
      lastProgress(stage, (onUploadProgress) =>
        stage.client().post(`${stage.origin.url}/echo`, data(), { onUploadProgress }),
      ),
  })),
];
