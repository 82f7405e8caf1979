import type { AxiosAdapter, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import type { Engine } from '../engine/exchange.ts';
import type { RequestOptions } from '../engine/request-options.ts';
import type { BegunRequest } from './begun-request.ts';
import { DecodedBodies } from './decoded-bodies.ts';
import { RequestPrediction } from './predicted-request.ts';

/** A cache in an axios instance. */
export interface Installation {
  readonly engine: Engine;
  /** The copy of axios that the instance is of. */
  readonly axios: AxiosStatic;
  /** Its adapter for Node. */
  readonly httpAdapter: AxiosAdapter;
  readonly prediction: RequestPrediction;
  readonly decodedBodies: DecodedBodies;
  /** Whether a request that follows no redirects has its `timeout` for all it does, as one that does follow them has. */
  readonly timeoutIsTotal: boolean;
  /** Whether `sensitiveHeaders` is an option. */
  readonly knowsSensitiveHeaders: boolean;
}

/**
 * Makes what the requests of one instance share.
 *
 * @throws TypeError for a copy of axios that is none, or too old.
 */
export function newInstallation(engine: Engine, axios: AxiosStatic): Installation {
  if (typeof axios.getAdapter !== 'function') {
    throw new TypeError(`The option axios has no getAdapter(): give axios itself, in version 1.5 or later`);
  }
  return {
    engine,
    axios,
    httpAdapter: axios.getAdapter('http'),
    prediction: new RequestPrediction(axios),
    decodedBodies: new DecodedBodies(),
    // Before, axios let such a request take any time, as long as its connection was not silent.
    timeoutIsTotal: isAtLeast('1.16', axios.VERSION),
    knowsSensitiveHeaders: isAtLeast('1.18', axios.VERSION),
  };
}

function isAtLeast(least: string, version: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

/** One request on its way through the adapter. */
export interface AdapterCall {
  /** As `dispatchRequest` gives it, but with the adapter that it had before ours. */
  readonly config: InternalAxiosRequestConfig;
  /** What the caller asked of the cache. */
  readonly options: RequestOptions | false | undefined;
}

/** A request that goes through axios's adapter for Node. */
export interface TransportCall extends AdapterCall {
  /** The look-up that was made for it already. */
  readonly begun: BegunRequest | undefined;
}
