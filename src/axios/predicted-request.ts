import type { AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import type { OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions as NativeOptions } from 'node:https';
import { type OutgoingRequest, outgoingRequest } from '../node-http/outgoing-request.ts';
import { addedNames, ExpectedFields } from './expected-fields.ts';
import { type ExpectedTarget, ExpectedTargets } from './expected-targets.ts';

/** The last request to a target that shows no certificate. */
interface KnownRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly auth: string | undefined;
  readonly outgoing: OutgoingRequest;
}

/**
 * Tells what request axios's adapter for Node will make of a config, so that a stored response can be found without
 * running it. What the adapter adds of its own is learnt from the requests that it makes.
 */
export class RequestPrediction {
  readonly #targets: ExpectedTargets;
  readonly #known = new WeakMap<ExpectedTarget, KnownRequest>();
  #fields: ExpectedFields | undefined;
  #isProxied = false;

  constructor(axios: AxiosStatic) {
    this.#targets = new ExpectedTargets(axios);
  }

  /** Whether the adapter is about to show what it adds: to be asked before it is called, as it changes the config. */
  canLearnFrom(config: InternalAxiosRequestConfig): boolean {
    return (
      this.#fields === undefined && isUsual(config) && !addedNames.some((name) => config.headers.has(name))
    );
  }

  /** Looks at what the adapter made of such a config. */
  learn({ headers = {} }: NativeOptions): void {
    const added: [string, string][] = [];
    for (const name of addedNames) {
      const value: unknown = Reflect.get(headers, name);
      if (typeof value !== 'string') return;
      added.push([name, value]);
    }
    this.#fields = new ExpectedFields(added);
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
    if (this.#fields === undefined || this.#isProxied || !isPredictable(config)) return undefined;
    const target = this.#targets.target(config);
    if (target === undefined) return undefined;
    // Before the fields, which are set in the config: the adapter refuses what cannot be serialised before it sets them.
    const path = this.#targets.path(target, config);
    const headers = this.#fields.expect(config.headers);
    if (headers === undefined) return undefined;
    const { auth } = config;
    const options = {
      method: config.method === 'head' ? 'HEAD' : 'GET',
      path,
      headers,
      auth: auth && `${auth.username}:${auth.password}`,
    };
    const agent: NativeOptions['agent'] = target.protocol === 'https:' ? config.httpsAgent : undefined;
    if (agent !== undefined) return outgoingRequest({ ...target, ...options, agent });
    const known = this.#known.get(target);
    if (known !== undefined && isSame(known, options)) return known.outgoing;
    const outgoing = outgoingRequest({ ...target, ...options });
    this.#known.set(target, { ...options, outgoing });
    return outgoing;
  }
}

function isSame(known: KnownRequest, asked: Omit<KnownRequest, 'outgoing'>): boolean {
  return (
    known.path === asked.path &&
    known.headers === asked.headers &&
    known.method === asked.method &&
    known.auth === asked.auth
  );
}

function isPredictable(config: InternalAxiosRequestConfig): boolean {
  return (
    (config.method === 'get' || config.method === 'head') &&
    (config.data === undefined || config.data === null) &&
    !config.transport &&
    !config.socketPath &&
    !config.proxy &&
    (!config.auth || isPlainAuth(config)) &&
    isUsual(config)
  );
}

/** The adapter takes a caller's own Authorization out of the config in favour of `auth`: that is left to it. */
function isPlainAuth({ auth, headers }: InternalAxiosRequestConfig): boolean {
  return (
    typeof auth?.username === 'string' && typeof auth.password === 'string' && !headers.has('authorization')
  );
}

function isUsual({ httpVersion = 1, transitional }: InternalAxiosRequestConfig): boolean {
  return httpVersion === 1 && transitional?.advertiseZstdAcceptEncoding !== true;
}
