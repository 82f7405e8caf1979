import { AxiosError, type AxiosInstance, type CreateAxiosDefaults } from 'axios';
import type { Example } from './example.ts';

/** An example of axios's; it is given an instance with the cache, and a way to make more of them. */
export type AxiosExample = Example<{
  readonly axios: AxiosInstance;
  readonly create: (defaults?: CreateAxiosDefaults) => AxiosInstance;
}>;

/** The error that a request comes to. */
export async function failure(request: Promise<unknown>): Promise<AxiosError<unknown, unknown>> {
  const outcome = await request.catch((error: unknown) => error);
  if (outcome instanceof AxiosError) return outcome;
  throw outcome instanceof Error ? outcome : new Error('The request did not fail.');
}
