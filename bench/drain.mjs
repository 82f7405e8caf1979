// @ts-check

/**
 * Reads a stream to its end.
 *
 * @param {import('node:stream').Readable} stream
 * @returns {Promise<number>} How many bytes came.
 */
export async function drain(stream) {
  return await new Promise((resolve, reject) => {
    let length = 0;
    stream.on('data', (chunk) => (length += chunk.length));
    stream.once('end', () => resolve(length));
    stream.once('error', reject);
  });
}
