import type { AxiosResponse, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import type { StoredDelivery } from '../engine/exchange.ts';
import { headerObject } from '../node-http/header-object.ts';
import type { OutgoingRequest } from '../node-http/outgoing-request.ts';
import { SpentRequest } from '../node-http/spent-exchange.ts';

/** A stored response, and what it answers. */
export interface StoredAnswer {
  readonly config: InternalAxiosRequestConfig;
  readonly outgoing: OutgoingRequest;
  readonly delivery: StoredDelivery;
}

/**
 * What axios's adapter for Node would make of a stored response, made without running it; `undefined` where it would
 * decode, follow, pace or refuse it.
 */
export function answerFromStore(
  { config, outgoing, delivery }: StoredAnswer,
  axios: AxiosStatic,
): AxiosResponse | undefined {
  const { head, trailers, info, size } = delivery;
  const { maxContentLength = -1, validateStatus } = config;
  if (delivery.refresh !== undefined) return undefined;
  if (head.status < 200 || head.status >= 300 || !takesPlainBodies(config)) return undefined;
  if (size === undefined || (maxContentLength > -1 && size > maxContentLength)) return undefined;
  const headers = headerObject(head.headers);
  if (headers['content-encoding'] !== undefined && config.decompress !== false) return undefined;
  if (validateStatus && !validateStatus(head.status)) return undefined;
  const bytes = delivery.bytes();
  // A body that is not all there fails on the long way.
  if (bytes?.length !== size) return undefined;

  const responseUrl = config.maxRedirects === 0 ? undefined : outgoing.url;
  return {
    status: head.status,
    statusText: head.statusText,
    headers: new axios.AxiosHeaders(headers as Record<string, string | string[]>),
    config,
    request: new SpentRequest(outgoing, { head, trailers, info, responseUrl }),
    data: bodyFor(config, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    httpCache: info,
  };
}

function takesPlainBodies(config: InternalAxiosRequestConfig): boolean {
  const { responseType, responseEncoding, onDownloadProgress, maxRate } = config;
  return (
    responseType !== 'stream' &&
    (responseEncoding === undefined || responseEncoding === 'utf8') &&
    !onDownloadProgress &&
    !maxRate
  );
}

function bodyFor({ responseType }: InternalAxiosRequestConfig, bytes: Buffer): Buffer | string {
  if (responseType === 'arraybuffer') return bytes;
  const text = bytes.toString();
  return text.codePointAt(0) === 0xfeff ? text.slice(1) : text;
}
