import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { read, type Description } from '../../differential/description.ts';

/** What a caller does with a response that is a stream. */
export const handlings = ['reads it', 'stops midway', 'wants none of it', 'ends the request'] as const;
export type Handling = (typeof handlings)[number];

/** What the stream gives, and what it and its request tell of themselves, in order. */
export async function watchStream(
  stream: Readable,
  request: unknown,
  handling: Handling,
): Promise<Description> {
  const told: string[] = [];
  const chunks: Buffer[] = [];
  // Beside these, when a request is told of its end depends on what decodes its response.
  const isMessage = read(request, 'res') === stream && request instanceof Object;
  if (isMessage) listen(request, 'request', ['abort', 'error', 'close'], told);
  listen(stream, 'stream', ['aborted', 'error', 'end', 'close'], told);
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (handling === 'stops midway') stream.destroy(new Error('enough'));
    if (handling === 'ends the request' && isMessage) end(request);
  });
  if (handling === 'wants none of it') stream.destroy();
  await finished(stream, { writable: false, cleanup: true }).catch(() => undefined);
  if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve));
  return { told, body: Buffer.concat(chunks).toString('base64') };
}

function listen(to: object, name: string, events: readonly string[], told: string[]): void {
  for (const event of events) {
    const tell = (error?: unknown): void => {
      const what = error instanceof Error ? [error.message, read(error, 'code')] : [];
      told.push([name, event, ...what].join(' '));
    };
    Reflect.apply(Reflect.get(to, 'on') as Readable['on'], to, [event, tell]);
  }
}

function end(request: object): void {
  Reflect.apply(Reflect.get(request, 'destroy') as Readable['destroy'], request, [new Error('no more')]);
}
