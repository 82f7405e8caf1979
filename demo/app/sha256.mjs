// @ts-check
import { createHash } from 'node:crypto';

/**
 * The SHA-256 digest of a body, in hex.
 *
 * @param {Uint8Array | AsyncIterable<Uint8Array>} body
 */
export async function sha256(body) {
  const hash = createHash('sha256');
  if (body instanceof Uint8Array) hash.update(body);
  else for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}
