import { RequestError, type Got } from 'got';
import type { Example } from './example.ts';

/** An example of got's; it is given got itself, or what `got.extend` made of it with the cache. */
export type GotExample = Example<{ readonly got: Got }>;

/** The error that a request comes to. */
export async function failure(request: Promise<unknown>): Promise<RequestError> {
  const outcome = await request.catch((error: unknown) => error);
  if (outcome instanceof RequestError) return outcome;
  throw outcome instanceof Error ? outcome : new Error('The request did not fail.');
}
