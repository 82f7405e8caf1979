import type { AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import type { HopOptions } from './http-schemes.ts';
import type { Installation } from './installation.ts';

/** What axios calls before each redirect, under the names that it looks for; older versions know fewer of them. */
interface BeforeRedirects {
  config?: unknown;
  auth?: (options: RedirectOptions) => void;
  sensitiveHeaders?: (options: RedirectOptions, request: { readonly url: string } | undefined) => void;
}

/** Options of the request that a redirect leads to. */
interface RedirectOptions {
  readonly href: string;
  readonly headers: Record<string, unknown>;
  auth?: string;
}

/** The options that axios gives to a transport, and those it would give to follow-redirects. */
export interface AxiosHopOptions extends HopOptions {
  maxRedirects?: number;
  sensitiveHeaders?: readonly string[];
  beforeRedirects?: BeforeRedirects;
}

/**
 * Sets what axios sets for follow-redirects when it chooses the transport itself: to a transport that it is given, it
 * passes none of it on.
 *
 * @throws AxiosError for `sensitiveHeaders` that are not names, as axios does.
 */
export function setRedirectOptions(
  options: AxiosHopOptions,
  config: InternalAxiosRequestConfig,
  { axios, knowsSensitiveHeaders }: Pick<Installation, 'axios' | 'knowsSensitiveHeaders'>,
): void {
  const before = (options.beforeRedirects ??= {});
  if (config.maxRedirects) options.maxRedirects = config.maxRedirects;
  if (config.beforeRedirect) before.config = config.beforeRedirect;
  if (typeof options.auth === 'string' && options.auth !== '') {
    const { auth } = options;
    before.auth = (redirect) => {
      if (originOf(redirect.href) === originOf(requestedUrl(config, axios))) redirect.auth = auth;
    };
  }
  const names = knowsSensitiveHeaders ? sensitiveNames(config, axios) : undefined;
  if (names === undefined) return;
  options.sensitiveHeaders = [...names];
  before.sensitiveHeaders = (redirect, request) => {
    const origin = originOf(redirect.href);
    if (origin !== undefined && request !== undefined && origin === originOf(request.url)) return;
    for (const name of Object.keys(redirect.headers)) {
      if (names.has(name.toLowerCase())) delete redirect.headers[name];
    }
  };
}

function sensitiveNames(
  { sensitiveHeaders }: InternalAxiosRequestConfig,
  axios: AxiosStatic,
): ReadonlySet<string> | undefined {
  if (sensitiveHeaders === undefined || sensitiveHeaders === null) return undefined;
  if (!Array.isArray(sensitiveHeaders) || sensitiveHeaders.some((name) => typeof name !== 'string')) {
    throw new axios.AxiosError(
      'sensitiveHeaders must be an array of strings',
      axios.AxiosError.ERR_BAD_OPTION_VALUE,
    );
  }
  return sensitiveHeaders.length === 0
    ? undefined
    : new Set(sensitiveHeaders.map((name) => name.toLowerCase()));
}

function requestedUrl(config: InternalAxiosRequestConfig, axios: AxiosStatic): string {
  const { url, baseURL, allowAbsoluteUrls } = config;
  return axios.getUri({
    ...(url === undefined ? {} : { url }),
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(allowAbsoluteUrls === undefined ? {} : { allowAbsoluteUrls }),
  });
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
