import { isAxiosError } from 'axios';
import { getting, streaming, warmUp } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';
import { readToEnd } from './read-to-end.ts';

const part = 'nothing is stored of a part';
const unstored = 'nothing is stored of it';

/** What HTTP messages can be beside a status, fields and a body of known length. */
export const axiosMessages: readonly AxiosScenario[] = [
  getting('early hints', '/early-hints'),
  getting('102', '/processing'),
  streaming('102', '/processing'),
  getting('HTTP/1.0', '/http-1.0'),
  getting('no status text', '/no-status-text'),
  getting('what is not HTTP', '/not-http', {}, { asksAgain: unstored }),
  getting('a field value that is none', '/bad-field-value', {}, { asksAgain: unstored }),
  getting('a field value that is none, taken all the same', '/bad-field-value', { insecureHTTPParser: true }),
  getting(
    'a field name that is none',
    '/bad-field-name',
    { insecureHTTPParser: true },
    { asksAgain: unstored },
  ),
  getting('two lengths', '/two-lengths', {}, { asksAgain: unstored }),
  getting('a head that is too long', '/long-head', {}, { asksAgain: unstored }),

  getting('trailers', '/trailers'),
  getting('trailers of bytes', '/trailers', { responseType: 'arraybuffer' }),
  streaming('trailers', '/trailers'),
  streaming('trailers without redirects', '/trailers', { maxRedirects: 0 }),

  getting('an empty body', '/empty'),
  getting('an empty body as bytes', '/empty', { responseType: 'arraybuffer' }),
  getting('an empty body as json', '/empty', { responseType: 'json' }),
  ...[203, 204, 205, 300, 404, 405, 410, 414, 451, 501].map((status) =>
    getting(`${status}`, `/status?code=${status}`),
  ),
  streaming('204', '/status?code=204'),
  getting('400', '/status?code=400'),
  getting('503', '/status?code=503'),
  {
    name: '404 that is an error, streamed',
    async run(stage) {
      const asked = stage.client().get(`${stage.origin.url}/status?code=404`, { responseType: 'stream' });
      const error: unknown = await asked.catch((reason: unknown) => reason);
      if (!isAxiosError(error) || error.response === undefined) throw error;
      return [error, await readToEnd(stage, error.response.data)];
    },
  },
  getting('a response that is not to be stored', '/no-store', {}, { asksAgain: 'it says no-store' }),

  getting(
    'a condition of the caller, and nothing stored',
    '/etag',
    { headers: { 'If-None-Match': '"v1"' } },
    { asksAgain: unstored },
  ),
  getting('a part', '/parts', { headers: { Range: 'bytes=0-3' } }, { asksAgain: part }),
  getting(
    'a part of what is stored whole',
    '/parts',
    { headers: { Range: 'bytes=0-3' } },
    { warm: warmUp('/parts') },
  ),
  streaming(
    'a part of what is stored whole',
    '/parts',
    { headers: { Range: 'bytes=4-4095' } },
    { warm: warmUp('/parts') },
  ),
  getting(
    'a part of what is stored, if it is still the same',
    '/parts',
    { headers: { Range: 'bytes=0-3', 'If-Range': '"whole"' }, responseType: 'arraybuffer' },
    { warm: warmUp('/parts') },
  ),
  getting(
    'a part of what is stored, if it were something else',
    '/parts',
    { headers: { Range: 'bytes=0-3', 'If-Range': '"other"' } },
    { warm: warmUp('/parts') },
  ),
  getting(
    'several parts of what is stored whole',
    '/parts',
    { headers: { Range: 'bytes=0-3,8-9' } },
    { asksAgain: 'only one range is cut', warm: warmUp('/parts') },
  ),
  streaming('a part', '/parts', { headers: { Range: 'bytes=0-3' } }, { asksAgain: part }),
  getting(
    'a part, if it is still of the same',
    '/parts',
    { headers: { Range: 'bytes=0-3', 'If-Range': '"whole"' } },
    { asksAgain: part },
  ),
  getting(
    'a part that there is none of',
    '/parts',
    { headers: { Range: 'bytes=9000-9001' } },
    { asksAgain: part },
  ),

  ...['/json', '/empty', '/chunked', '/status?code=404', '/chain', '/large'].map((path): AxiosScenario => ({
    name: `HEAD of ${path.slice(1)}`,
    run: ({ client, origin }) => client().head(`${origin.url}${path}`),
  })),
  {
    name: 'HEAD of what was got',
    warm: warmUp('/json'),
    run: ({ client, origin }) => client().head(`${origin.url}/json`),
  },
  {
    name: 'HEAD as a stream',
    async run({ client, origin }) {
      const { data, status } = await client().head(`${origin.url}/json`, { responseType: 'stream' });
      let length = 0;
      for await (const chunk of data) length += chunk.length;
      return [status, length];
    },
  },
];
