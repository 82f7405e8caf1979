import { getting, warmUp } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

/** Notes the last event only: how many there are depends on how the chunks fall. */
function lastProgress(path: string, decompress: boolean): AxiosScenario['run'] {
  return async ({ client, origin, note }) => {
    let last: unknown;
    const response = await client().get(`${origin.url}${path}`, {
      decompress,
      onDownloadProgress: ({ loaded, total, progress, download, lengthComputable }) => {
        last = { loaded, total, progress, download, lengthComputable };
      },
    });
    note('progress', last);
    return response;
  };
}

/** Bodies, and what axios makes of them. */
export const axiosBodies: readonly AxiosScenario[] = [
  getting('json', '/json'),
  getting('json with responseType json', '/json', { responseType: 'json' }),
  getting('json with responseType text', '/json', { responseType: 'text' }),
  getting('text', '/text'),
  getting('an empty body', '/empty'),
  getting('a byte order mark', '/bom'),
  getting('a byte order mark in bytes', '/bom', { responseType: 'arraybuffer' }),
  getting('responseType arraybuffer', '/binary', { responseType: 'arraybuffer' }),
  getting('bytes taken for text', '/binary', { responseType: 'text' }),
  getting('responseEncoding latin1', '/latin1', { responseEncoding: 'latin1' }),
  getting('responseType blob', '/binary', { responseType: 'blob' }),
  getting('responseType document', '/document', { responseType: 'document' }),
  getting('responseType formdata', '/form', { responseType: 'formdata' }),
  getting('json that does not parse', '/not-json'),
  getting('json that does not parse, strictly', '/not-json', {
    responseType: 'json',
    transitional: { silentJSONParsing: false },
  }),
  getting('gzip', '/gzip'),
  getting('gzip as bytes', '/gzip', { responseType: 'arraybuffer' }),
  getting('deflate', '/deflate'),
  getting('brotli', '/br'),
  getting('gzip with decompress false', '/gzip', { decompress: false, responseType: 'arraybuffer' }),
  getting('corrupt gzip', '/corrupt-gzip'),
  getting('gzip that ends early', '/truncated-gzip'),
  getting('a chunked body', '/chunked'),
  getting('trailers', '/trailers'),
  getting('a large body', '/large?bytes=3000000', { responseType: 'arraybuffer' }),
  getting('Connection: close', '/close'),
  getting('a body ended by the connection', '/close-delimited'),
  getting('a body within maxContentLength', '/json', { maxContentLength: 1_000_000 }),
  getting('a body over maxContentLength', '/json', { maxContentLength: 100 }, { warm: warmUp('/json') }),
  getting('maxRate', '/binary', { maxRate: 10_000_000, responseType: 'arraybuffer' }),
  { name: 'download progress', run: lastProgress('/json', true) },
  { name: 'download progress of gzip', run: lastProgress('/gzip', true) },
  { name: 'download progress of gzip with decompress false', run: lastProgress('/gzip', false) },
];
