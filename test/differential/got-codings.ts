import { getting, streaming } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** Paths whose bodies are sent in some content coding (RFC 9110 §8.4.1). */
const coded = [
  ['gzip', '/gzip'],
  ['GZIP', '/capital-coding'],
  ['deflate', '/deflate'],
  ['deflate without a zlib header', '/raw-deflate'],
  ['brotli', '/br'],
  ['zstd, which not every Node knows', '/zstd'],
  ['identity', '/identity'],
  ['a coding that nobody knows', '/unknown-coding'],
  ['two codings', '/two-codings'],
  ['a coding of nothing', '/coded-nothing'],
  ['a coding that it is not', '/corrupt-gzip'],
] as const;

/** Content codings, decoded and not. */
export const gotCodings: readonly GotScenario[] = coded.flatMap(([name, path]) => [
  getting(name, path),
  getting(`${name}, with decompress false`, path, { decompress: false, responseType: 'buffer' }),
  streaming(name, path),
  streaming(`${name}, with decompress false`, path, { decompress: false }),
]);
