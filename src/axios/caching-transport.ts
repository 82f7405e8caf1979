import type { CacheInfo } from '../engine/cache-info.ts';
import type { OnResponse } from '../node-http/request-seam.ts';
import type { Installation, TransportCall } from './installation.ts';
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
  readonly #call: TransportCall;
  readonly #userTransport: Transport | undefined;
  readonly #isInstructive: boolean;

  constructor(installation: Installation, call: TransportCall) {
    this.#installation = installation;
    this.#call = call;
    this.#userTransport = call.config.transport;
    this.#isInstructive = installation.prediction.canLearnFrom(call.config);
  }

  /** As `http.request`, with redirects followed as the config says. */
  request(options: AxiosHopOptions, onResponse: OnResponse): object {
    const { config, options: requestOptions, begun } = this.#call;
    const { engine, prediction, timeoutIsTotal } = this.#installation;
    prediction.notice(options);
    if (this.#isInstructive) prediction.learn(options);
    const seam: SharedSeam = {
      engine,
      options: requestOptions,
      planFor: (outgoing) => begun?.take(outgoing),
      onResponse: (info) => {
        this.info = info;
      },
    };
    if (this.#userTransport) return requestThrough(this.#userTransport, options, seam, onResponse);
    if (config.maxRedirects === 0) return requestOnce(options, { ...seam, timeoutIsTotal }, onResponse);
    setRedirectOptions(options, config, this.#installation);
    return requestFollowing(options, seam, onResponse);
  }
}
