import { isError } from '../core/is-error.ts';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { FieldLine, FieldLines } from '../core/message.ts';
import type { OriginLimits } from '../engine/origin-limits.ts';

/** A request that goes through an adapter on which the cache does not sit. */
export interface BesideRequest {
  readonly config: InternalAxiosRequestConfig;
  /** Its target URI. */
  readonly url: string;
  readonly adapter: AxiosAdapter;
}

/** Sends a request through an adapter as soon as the rate limiter lets it through. */
export async function sendWithinLimits(
  limits: OriginLimits,
  { config, url, adapter }: BesideRequest,
): Promise<AxiosResponse> {
  const leaving = leavingSignal(config);
  const method = config.method?.toUpperCase() ?? 'GET';
  // axios makes an error of its own of the reason for which a caller left.
  const passage = await Promise.resolve(limits.acquire(method, url, leaving.signal)).finally(leaving.stop);
  try {
    const response = await adapter(config);
    passage.answered({ status: response.status, headers: fieldsOf(response) });
    return response;
  } catch (error) {
    const response = responseOf(error);
    if (response !== undefined) passage.answered({ status: response.status, headers: fieldsOf(response) });
    throw error;
  } finally {
    passage.over();
  }
}

/** The caller's ways to leave as one; `stop` lets go of them. */
function leavingSignal({ signal, cancelToken }: InternalAxiosRequestConfig): {
  readonly signal: AbortSignal;
  readonly stop: () => void;
} {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  if (signal?.aborted === true || cancelToken?.reason !== undefined) leave();
  signal?.addEventListener?.('abort', leave);
  void cancelToken?.promise.then(leave);
  return { signal: leaving.signal, stop: () => void signal?.removeEventListener?.('abort', leave) };
}

/** Mocks reject with errors of their own making. */
function responseOf(error: unknown): AxiosResponse | undefined {
  const response: unknown = isError(error) ? Reflect.get(error, 'response') : undefined;
  return typeof response === 'object' && response !== null ? (response as AxiosResponse) : undefined;
}

/** The fields of a response, as far as mocks give any. */
function fieldsOf({ headers }: Partial<AxiosResponse>): FieldLines {
  const entries: [name: string, value: unknown][] = Object.entries(headers ?? {});
  return entries.flatMap(([name, value]) => [value].flat().map((one): FieldLine => [name, String(one)]));
}
