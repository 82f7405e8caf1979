import { expect, it } from 'vitest';
import { formatBytes } from '../../../src/cli/text/byte-size.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1_048_500, '1023.9 KiB'],
  [1_048_575, '1.0 MiB'],
  [4 * 2 ** 30, '4.0 GiB'],
  [Number.MAX_SAFE_INTEGER, '8.0 PiB'],
])('%d bytes are written %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
