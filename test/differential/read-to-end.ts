import type { Readable } from 'node:stream';
import { drain } from '../helpers/drain.ts';
import type { Trace } from './trace.ts';

/** Reads a body until its stream is closed, notes its events, and gives its bytes, or the error that it ended in. */
export async function readToEnd({ watch }: Trace, body: Readable): Promise<unknown> {
  watch(body, 'body', ['end', 'aborted', 'error', 'close']);
  const closed = body.closed ? undefined : new Promise((resolve) => body.once('close', resolve));
  const bytes = await drain(body).catch((error: unknown) => error);
  await closed;
  return bytes;
}
