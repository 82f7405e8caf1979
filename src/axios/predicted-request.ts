import type { AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import type { OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions as NativeOptions } from 'node:https';
import { plainQuery } from './plain-query.ts';
import { type OutgoingRequest, outgoingRequest } from '../node-http/outgoing-request.ts';

/** Fields that axios's adapter adds where the caller gives none. */
const addedFields = ['User-Agent', 'Accept-Encoding'] as const;

/**
 * Tells what request axios's adapter for Node will make of a config, so that a stored response can be found without
 * running it. What the adapter adds of its own is learnt from the requests that it makes.
 */
export class RequestPrediction {
  readonly #uris: Pick<AxiosStatic, 'getUri'>;
  #added: readonly string[] | undefined;
  #isProxied = false;

  constructor(axios: AxiosStatic) {
    // With no defaults: those of the instance are in the config already.
    this.#uris = new axios.Axios({});
  }

  /** Whether the adapter is about to show what it adds: to be asked before it is called, as it changes the config. */
  canLearnFrom(config: InternalAxiosRequestConfig): boolean {
    return (
      this.#added === undefined && isUsual(config) && !addedFields.some((name) => config.headers.has(name))
    );
  }

  /** Looks at what the adapter made of such a config. */
  learn({ headers = {} }: NativeOptions): void {
    const added = addedFields.map((name): unknown => Reflect.get(headers, name));
    if (added.every((value) => typeof value === 'string')) this.#added = added;
  }

  /** To be told of every request: with a proxy from the environment there is no telling what is sent. */
  notice({ path }: NativeOptions): void {
    if (path?.startsWith('/') === false) this.#isProxied = true;
  }

  /**
   * The request to expect; `undefined` where it cannot be told.
   *
   * @throws for what cannot be sent at all.
   */
  predict(config: InternalAxiosRequestConfig): OutgoingRequest | undefined {
    if (this.#added === undefined || this.#isProxied || !isPredictable(config)) return undefined;
    const url = this.#parse(config);
    if (url === undefined) return undefined;
    // Before the fields, which are set in the config: the adapter refuses what cannot be serialised before it sets them.
    const path = this.#path(url, config);
    const headers = this.#headers(config);
    if (headers === undefined) return undefined;
    return outgoingRequest({
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      port: url.port,
      path,
      headers,
      agent: url.protocol === 'https:' ? config.httpsAgent : undefined,
    });
  }

  #path({ pathname, search }: URL, { params, paramsSerializer }: InternalAxiosRequestConfig): string {
    const path = `${pathname}${search}`;
    if (params === undefined) return path;
    const query = paramsSerializer === undefined ? plainQuery(params) : undefined;
    if (query === '') return path;
    if (query !== undefined) return `${path}${search === '' ? '?' : '&'}${query}`;
    return this.#uris.getUri({
      url: path,
      params,
      ...(paramsSerializer === undefined ? {} : { paramsSerializer }),
    });
  }

  #parse({ url = '', baseURL, allowAbsoluteUrls }: InternalAxiosRequestConfig): URL | undefined {
    const absolute = allowAbsoluteUrls === undefined ? {} : { allowAbsoluteUrls };
    const full = baseURL === undefined ? url : this.#uris.getUri({ url, baseURL, ...absolute });
    const parsed = new URL(full);
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return undefined;
    return parsed.username === '' && parsed.password === '' ? parsed : undefined;
  }

  #headers(config: InternalAxiosRequestConfig): OutgoingHttpHeaders | undefined {
    const headers: OutgoingHttpHeaders = {};
    // As the adapter does, on the config itself.
    for (const [at, name] of addedFields.entries()) config.headers.set(name, this.#added?.[at], false);
    for (const [name, value] of Object.entries(config.headers)) {
      if (value === undefined || value === null || value === false) continue;
      if (typeof value !== 'string' || name.toLowerCase() === 'host') return undefined;
      headers[name] = value;
    }
    return headers;
  }
}

function isPredictable(config: InternalAxiosRequestConfig): boolean {
  return (
    config.method === 'get' &&
    (config.data === undefined || config.data === null) &&
    !config.transport &&
    !config.socketPath &&
    !config.auth &&
    !config.proxy &&
    isUsual(config)
  );
}

function isUsual({ httpVersion = 1, transitional }: InternalAxiosRequestConfig): boolean {
  return httpVersion === 1 && transitional?.advertiseZstdAcceptEncoding !== true;
}
