import type { CacheInfo } from '../engine/cache-info.ts';
import type { OnResponse } from '../node-http/caching-request.ts';
import type { AdapterCall, Installation } from './caching-adapter.ts';
import {
  requestFollowing,
  requestOnce,
  requestThrough,
  type SharedSeam,
  type Transport,
} from './http-schemes.ts';
import { type AxiosHopOptions, setRedirectOptions } from './redirect-options.ts';

/** What axios's adapter for Node takes as `config.transport`: made for one request. */
export class CachingTransport {
  /** What the cache did, once a response was handed to axios. */
  info: CacheInfo | undefined;
  readonly #installation: Installation;
  readonly #call: AdapterCall;
  readonly #userTransport: Transport | undefined;

  constructor(installation: Installation, call: AdapterCall) {
    this.#installation = installation;
    this.#call = call;
    this.#userTransport = call.config.transport;
  }

  /** As `http.request`, with redirects followed as the config says. */
  request(options: AxiosHopOptions, onResponse: OnResponse): object {
    const { config, options: requestOptions } = this.#call;
    const seam: SharedSeam = {
      engine: this.#installation.engine,
      options: requestOptions,
      onResponse: (info) => {
        this.info = info;
      },
    };
    if (this.#userTransport) return requestThrough(this.#userTransport, options, seam, onResponse);
    if (config.maxRedirects === 0) return requestOnce(options, seam, onResponse);
    setRedirectOptions(options, config, this.#installation.axios);
    return requestFollowing(options, seam, onResponse);
  }
}
