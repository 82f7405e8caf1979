import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { FieldLine } from '../core/message.ts';
import { clientIdentity } from './client-identity.ts';
import { targetUri } from './target-uri.ts';

/** A request as it is about to go to `http.request`, in the terms of a cache. */
export interface OutgoingRequest {
  readonly method: string;
  /** What responses to it are stored under; see {@link targetUri}. */
  readonly url: string;
  /** The field lines as Node will send them, without what belongs to the connection. */
  readonly headers: readonly FieldLine[];
  /** A client certificate, if one is shown. */
  readonly identity: string | undefined;
  readonly protocol: string;
  readonly host: string;
  readonly path: string;
}

/**
 * Reads the options of `http.request(options)` or `http.request(url, options)`.
 *
 * @throws as `http.request` does for fields that cannot be sent.
 */
export function outgoingRequest(options: RequestOptions, url?: URL): OutgoingRequest {
  const protocol = url?.protocol ?? options.protocol ?? 'http:';
  const host = url?.hostname || options.hostname || options.host || 'localhost';
  const port = String(url?.port || options.port || '');
  const path = options.path ?? (url === undefined ? '/' : `${url.pathname}${url.search}`);
  const isDefaultPort = port === '' || port === (protocol === 'https:' ? '443' : '80');
  const authority = isDefaultPort ? bracketed(host) : `${bracketed(host)}:${port}`;

  const { lines, hostField, hasAuthorization } = headerLines(options.headers);
  // In the order in which Node adds them.
  if (hostField === undefined && options.setHost !== false) lines.push(['Host', authority]);
  if (options.auth && !hasAuthorization) {
    lines.push(['Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`]);
  }
  return {
    method: options.method?.toUpperCase() ?? 'GET',
    url: targetUri({ protocol, authority, path, hostField, socketPath: options.socketPath }),
    headers: lines,
    identity: clientIdentity(options),
    protocol,
    host,
    path,
  };
}

/** RFC 3986 §3.2.2: an IPv6 address stands in brackets. */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

interface HeaderLines {
  readonly lines: FieldLine[];
  readonly hostField: string | undefined;
  readonly hasAuthorization: boolean;
}

function headerLines(headers: OutgoingHttpHeaders | readonly string[] | undefined): HeaderLines {
  const lines: FieldLine[] = [];
  let hostField: string | undefined;
  let hasAuthorization = false;
  for (const [name, value] of headerEntries(headers)) {
    if (value === undefined) continue;
    validateHeaderName(name);
    for (const one of Array.isArray(value) ? value : [String(value)]) {
      validateHeaderValue(name, one);
      lines.push([name, one]);
    }
    if (name.length === 4 && name.toLowerCase() === 'host') hostField = String(value);
    else if (name.length === 13 && name.toLowerCase() === 'authorization') hasAuthorization = true;
  }
  return { lines, hostField, hasAuthorization };
}

type HeaderEntry = readonly [name: string, value: OutgoingHttpHeaders[string]];

function headerEntries(headers: OutgoingHttpHeaders | readonly string[] | undefined): readonly HeaderEntry[] {
  if (headers === undefined) return [];
  if (!isFlat(headers)) return Object.entries(headers);
  return headers.flatMap((name, at): HeaderEntry[] => (at % 2 === 0 ? [[name, headers[at + 1]]] : []));
}

function isFlat(headers: OutgoingHttpHeaders | readonly string[]): headers is readonly string[] {
  return Array.isArray(headers);
}
