import type { AxiosRequestConfig } from 'axios';
import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const codedPaths = [
  '/gzip',
  '/x-gzip',
  '/capital-coding',
  '/deflate',
  '/raw-deflate',
  '/br',
  '/zstd',
  '/identity',
  '/unknown-coding',
  '/two-codings',
  '/not-gzip',
  '/gzip-members',
  '/gzip-and-more',
  '/corrupt-gzip',
  '/truncated-gzip',
  '/chunked-gzip',
  '/coded-nothing',
];

const ways: readonly (readonly [name: string, config: AxiosRequestConfig])[] = [
  ['', {}],
  [' as bytes', { responseType: 'arraybuffer' }],
  [' as it came', { responseType: 'arraybuffer', decompress: false }],
];

/** Content codings, decoded by axios or left as they are. */
export const axiosCodings: readonly AxiosScenario[] = [
  ...codedPaths.flatMap((path) => [
    ...ways.map(([way, config]) => getting(`${path.slice(1)}${way}`, path, config)),
    streaming(path.slice(1), path),
    streaming(`${path.slice(1)} as it came`, path, { decompress: false }),
  ]),
  ...['/gzip', '/unknown-coding', '/chunked-gzip'].map((path): AxiosScenario => ({
    name: `HEAD of ${path.slice(1)}`,
    run: ({ client, origin }) => client().head(`${origin.url}${path}`),
  })),
  {
    name: 'HEAD of gzip with decompress false',
    run: ({ client, origin }) => client().head(`${origin.url}/gzip`, { decompress: false }),
  },
  getting('204 with a content coding', '/coded-204'),
  getting('a coding of its own choice', '/echo', { headers: { 'Accept-Encoding': 'br;q=1, *;q=0' } }),
  getting('no coding', '/echo', { headers: { 'Accept-Encoding': false } }),
  getting('an offer of zstd', '/echo', { transitional: { advertiseZstdAcceptEncoding: true } }),
];
