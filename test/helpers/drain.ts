/** Reads a stream to its end. Rejects as the stream fails. */
export async function drain(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    else throw new TypeError(`A stream of bytes gave ${typeof chunk}.`);
  }
  return Buffer.concat(chunks);
}
