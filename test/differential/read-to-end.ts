import type { Readable } from 'node:stream';
import { drain } from '../helpers/drain.ts';
import type { Trace } from './trace.ts';

/**
 * Reads a body until its stream is closed, notes its events, and gives its bytes, or the error that it ended in.
 * The streams of got do not close by themselves at the end: `closes` is then false.
 */
export async function readToEnd({ watch }: Trace, body: Readable, closes = true): Promise<unknown> {
  watch(body, 'body', ['end', 'aborted', 'error', 'close']);
  const closed = body.closed ? undefined : new Promise((resolve) => body.once('close', resolve));
  const bytes = await drain(body).catch((error: unknown) => error);
  if (closes || bytes instanceof Error) await closed;
  return bytes;
}
