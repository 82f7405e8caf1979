import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
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
  const answeredBy = (response: AxiosResponse | undefined): void => {
    if (response !== undefined) passage.answered({ status: response.status, headers: fieldsOf(response) });
    const body = streamOf(response);
    if (body === undefined) passage.over();
    // It is over once that is read, or let go of.
    else {
      const over = (): void => passage.over();
      finished(body).then(over, over);
    }
  };
  try {
    const response = await adapter(config);
    answeredBy(response);
    return response;
  } catch (error) {
    answeredBy(responseOf(error));
    throw error;
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

/** A body that is yet to be read. */
function streamOf(response: AxiosResponse | undefined): Readable | undefined {
  const body: unknown = response?.data;
  // `finished` takes web streams too, which its types do not say.
  return body instanceof Readable || body instanceof ReadableStream ? (body as Readable) : undefined;
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
