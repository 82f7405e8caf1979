import { format } from 'node:url';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { StoredDelivery } from '../engine/exchange.ts';
import { headerObject } from '../node-http/header-object.ts';
import type { OutgoingRequest } from '../node-http/outgoing-request.ts';
import { SpentRequest } from '../node-http/spent-exchange.ts';
import { StreamedRequest } from '../node-http/streamed-request.ts';
import type { Installation } from './installation.ts';

/** A stored response, and what it answers. */
export interface StoredAnswer {
  readonly config: InternalAxiosRequestConfig;
  readonly outgoing: OutgoingRequest;
  readonly delivery: StoredDelivery;
}

/**
 * What axios's adapter for Node would make of a stored response, made without running it; `undefined` where it would
 * follow, pace or refuse it, or it is better decoded there.
 */
export function answerFromStore(
  { config, outgoing, delivery }: StoredAnswer,
  { axios, decodedBodies }: Pick<Installation, 'axios' | 'decodedBodies'>,
): AxiosResponse | undefined {
  const { head, info } = delivery;
  const { maxContentLength = -1, validateStatus } = config;
  if (delivery.refresh !== undefined || !isPlainStatus(head.status) || !takesPlainBodies(config))
    return undefined;
  // A body that is not all there fails on the long way.
  const stored = delivery.view();
  if (stored === undefined || stored.length !== delivery.size) return undefined;
  const headers = headerObject(head.headers);
  const coding = config.decompress === false ? undefined : headers['content-encoding'];
  const isDecoded = coding !== undefined;
  const isStream = config.responseType === 'stream';
  // A stream is of another class where it decodes, or counts.
  if (isStream && (isDecoded || maxContentLength > -1)) return undefined;
  const body = isDecoded ? decodedBodies.decode(stored, coding) : stored;
  if (body === undefined || (maxContentLength > -1 && body.length > maxContentLength)) return undefined;
  if (validateStatus && !validateStatus(head.status)) return undefined;

  if (isDecoded) delete headers['content-encoding'];
  const responseUrl = config.maxRedirects === 0 ? undefined : urlWithAuth(outgoing, config);
  const request = isStream
    ? new StreamedRequest(outgoing, delivery, { responseUrl })
    : new SpentRequest(outgoing, { head, trailers: delivery.trailers, info, responseUrl, isDecoded });
  return {
    status: head.status,
    statusText: head.statusText,
    headers: new axios.AxiosHeaders(headers as Record<string, string | string[]>),
    config,
    request,
    data: isStream ? request.res : bodyFor(config, body),
    httpCache: info,
  };
}

/** The URL as follow-redirects tells it. */
function urlWithAuth({ url }: OutgoingRequest, { auth }: InternalAxiosRequestConfig): string {
  if (!auth) return url;
  const [start, host] = ['http://', 'h'];
  const shown = format({ protocol: 'http:', auth: `${auth.username}:${auth.password}`, hostname: host });
  const credentials = shown.slice(start.length, -host.length);
  return url.replace('//', () => `//${credentials}`);
}

/** Whether no more is to be done about a status than to show it. */
function isPlainStatus(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

function takesPlainBodies(config: InternalAxiosRequestConfig): boolean {
  const { responseType, responseEncoding, onDownloadProgress, maxRate, signal, cancelToken } = config;
  if (onDownloadProgress || maxRate) return false;
  // What cancels a request cancels the stream that it is answered with, too: the adapter sees to that.
  if (responseType === 'stream') return !signal && !cancelToken;
  return responseEncoding === undefined || responseEncoding === 'utf8';
}

/** A copy of a body that is the store's. */
function bodyFor({ responseType }: InternalAxiosRequestConfig, body: Uint8Array): Buffer | string {
  if (responseType === 'arraybuffer') return Buffer.from(body);
  const text = asBuffer(body).toString();
  return text.codePointAt(0) === 0xfeff ? text.slice(1) : text;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
