import { Readable } from 'node:stream';
import type { AxiosRequestConfig } from 'axios';
import { jsonText } from '../helpers/payloads.ts';
import { getting, streaming, warmUp } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const unsafe = 'the response to an unsafe method answers no later request';
const size = Buffer.byteLength(jsonText);

/** A body that is over a limit ends early, so the store is filled by a request without one. */
function limited(name: string, path: string, config: AxiosRequestConfig): AxiosScenario {
  return getting(name, path, config, { warm: warmUp(path) });
}

function limitedStream(name: string, path: string, config: AxiosRequestConfig): AxiosScenario {
  return streaming(name, path, config, { warm: warmUp(path) });
}

function posting(
  name: string,
  data: () => unknown,
  config: AxiosRequestConfig,
  path = '/echo',
): AxiosScenario {
  return {
    name,
    asksAgain: unsafe,
    run: ({ client, origin }) => client().post(`${origin.url}${path}`, data(), config),
  };
}

/** How much may come and go, and how fast. */
export const axiosLimits: readonly AxiosScenario[] = [
  getting('a body as large as maxContentLength', '/json', { maxContentLength: size }),
  limited('a body over maxContentLength by one byte', '/json', { maxContentLength: size - 1 }),
  limited('a body over maxContentLength, maxRedirects 0', '/json', { maxContentLength: 9, maxRedirects: 0 }),
  limited('bytes over maxContentLength', '/json', { maxContentLength: 9, responseType: 'arraybuffer' }),
  limited('a chunked body over maxContentLength', '/chunked', { maxContentLength: 15 }),
  limited('a large body over maxContentLength', '/large?bytes=3000000', { maxContentLength: 200_000 }),
  limited('gzip over maxContentLength when decoded', '/gzip', { maxContentLength: size - 1 }),
  getting('gzip within maxContentLength when decoded', '/gzip', { maxContentLength: size }),
  getting('gzip within maxContentLength as it came', '/gzip', { maxContentLength: 1000, decompress: false }),
  limited('a body behind a redirect over maxContentLength', '/redirect?to=/json', { maxContentLength: 9 }),
  getting('an empty body with maxContentLength 0', '/empty', { maxContentLength: 0 }),
  limited('an error over maxContentLength', '/status?code=404', { maxContentLength: 3 }),
  limitedStream('a large body over maxContentLength', '/large?bytes=3000000', { maxContentLength: 200_000 }),
  limitedStream('gzip over maxContentLength when decoded', '/gzip', { maxContentLength: size - 1 }),
  streaming('a body within maxContentLength', '/json', { maxContentLength: size }),

  posting('a body as large as maxBodyLength', () => 'plum', { maxBodyLength: 4 }),
  posting('a stream over maxBodyLength', () => Readable.from([Buffer.from('plum'), Buffer.from('jam')]), {
    maxBodyLength: 5,
  }),
  posting('a stream over maxBodyLength, maxRedirects 0', () => Readable.from([Buffer.from('plum jam')]), {
    maxBodyLength: 5,
    maxRedirects: 0,
  }),
  posting(
    'a body within maxBodyLength that is sent on by 307',
    () => 'plum',
    { maxBodyLength: 4 },
    '/redirect?status=307&to=/echo',
  ),

  getting('maxRate for both ways', '/binary', { maxRate: [10_000_000, 10_000_000] }),
  getting('maxRate of gzip', '/gzip', { maxRate: 10_000_000 }),
  posting('maxRate of what is sent', () => Buffer.alloc(50_000, 'jam'), {
    maxRate: [10_000_000, 10_000_000],
  }),
  posting('maxRate of a stream that is sent', () => Readable.from([Buffer.alloc(50_000, 'jam')]), {
    maxRate: 10_000_000,
  }),
];
