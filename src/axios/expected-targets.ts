import type { AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import { PlainQueries } from './plain-query.ts';

/** So many parsed URLs are kept. */
const mostKept = 256;

/** Where a request goes. */
export interface ExpectedTarget {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  /** The path with its query, without that of `params`. */
  readonly path: string;
}

/** Tells where axios's adapter sends a request. */
export class ExpectedTargets {
  readonly #uris: Pick<AxiosStatic, 'getUri'>;
  readonly #queries: PlainQueries;
  readonly #known = new Map<string, ExpectedTarget>();

  constructor(axios: AxiosStatic) {
    // With no defaults: those of the instance are in the config already.
    this.#uris = new axios.Axios({});
    this.#queries = new PlainQueries(this.#uris);
  }

  /**
   * The target, the same object for the same URL; `undefined` where it cannot be told.
   *
   * @throws for what cannot be sent at all.
   */
  target(config: InternalAxiosRequestConfig): ExpectedTarget | undefined {
    const { url = '', baseURL, allowAbsoluteUrls } = config;
    const key = baseURL === undefined ? url : `${allowAbsoluteUrls} ${baseURL.length} ${baseURL}${url}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const absolute = allowAbsoluteUrls === undefined ? {} : { allowAbsoluteUrls };
    const full = baseURL === undefined ? url : this.#uris.getUri({ url, baseURL, ...absolute });
    const target = parse(full);
    if (target === undefined) return undefined;
    if (this.#known.size >= mostKept) this.#known.clear();
    this.#known.set(key, target);
    return target;
  }

  /** The path of a request with its query. */
  path({ path }: ExpectedTarget, { params, paramsSerializer }: InternalAxiosRequestConfig): string {
    if (params === undefined) return path;
    const query = paramsSerializer === undefined ? this.#queries.queryOf(params) : undefined;
    if (query === '') return path;
    if (query !== undefined) return `${path}${path.includes('?') ? '&' : '?'}${query}`;
    return this.#uris.getUri({
      url: path,
      params,
      ...(paramsSerializer === undefined ? {} : { paramsSerializer }),
    });
  }
}

function parse(url: string): ExpectedTarget | undefined {
  const { protocol, hostname, port, pathname, search, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return username === '' && password === ''
    ? { protocol, hostname, port, path: `${pathname}${search}` }
    : undefined;
}
