import { finished } from 'node:stream/promises';
import type { ServerResponse } from 'node:http';

/** A body in which no two places are alike, other than that of any other seed. */
export function bodyOf(size: number, seed = 0): Buffer {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let at = 0; at < words.length; at += 1) words[at] = Math.imul(at + 1, 2_654_435_761) ^ seed;
  return Buffer.from(words.buffer, 0, size);
}

/** Fulfils when a server's response is over, whatever its end was. */
export async function overOf(response: ServerResponse): Promise<void> {
  await finished(response).catch(() => undefined);
}
