import type { RateLimiter } from '../engine/rate-limiter.ts';
import { HttpCacheError } from '../errors.ts';
import type { CacheManager } from '../managers/manager.ts';
import { FixtureFolder } from './fixture-folder.ts';
import { RecordingManager } from './recording-manager.ts';

/** Where recorded answers are, and what is to be done with them. */
export interface RecordAndReplayOptions {
  /** The folder of the fixtures, to be kept beside the tests. Made when it is recorded into. */
  readonly folder: string;
  /**
   * - `record`: origins are asked, once for each request, and what they answer takes the place of what was recorded before.
   * - `replay`: no origin is asked; a request that was not recorded fails.
   * - `auto`: what was recorded answers, and what is missing is recorded.
   */
  readonly mode: 'record' | 'replay' | 'auto';
}

/** Options of an `HttpCache` that records or replays. More may be added, but none of these replaced. */
export interface RecordAndReplay {
  /** Keeps the recorded answers. */
  readonly manager: CacheManager;
  /** Stores and answers whatever header fields say. */
  readonly mode: 'ignore-rules';
  /** Requests with a body are told apart by it. */
  readonly byBody: () => boolean;
  /** When replaying: lets nothing through to an origin. */
  readonly rateLimiter?: RateLimiter;
}

/**
 * Gives options for an `HttpCache` that asks origins once, records what they answer as files that people can read, and from
 * then on answers from these, without a network. When replaying, a request that was not recorded fails with an
 * `HttpCacheError` (`ERR_HTTP_CACHE_NO_FIXTURE`) that names it.
 *
 * Recorded are the answers to GET and HEAD, and to POST and QUERY by the body of the request, of any status, redirects too. Who
 * asks makes no difference: credentials, `User-Agent` and the like are neither compared nor kept. Of the responses everything
 * is kept, `Set-Cookie` too: look through the fixtures before they are published.
 *
 * @throws TypeError for an option that is unknown, a mode that is none, and for a fixture that cannot be read, which it names.
 *
 * @example
 * ```ts
 * import axios from 'axios';
 * import { installCache } from 'http-larder/axios';
 * import { recordAndReplay } from 'http-larder/testing';
 *
 * const api = axios.create();
 * installCache(api, recordAndReplay({ folder: '.cache/fixtures', mode: process.env['CI'] ? 'replay' : 'auto' }));
 * ```
 */
export function recordAndReplay(options: RecordAndReplayOptions): RecordAndReplay {
  const { folder: path, mode, ...others } = Object(options) as RecordAndReplayOptions;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new TypeError(
      `Unknown option ${JSON.stringify(unknown)} of recordAndReplay: it takes folder and mode, and those of HttpCache go beside what it gives`,
    );
  }
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`The option folder is ${JSON.stringify(path)}: give the folder of the fixtures`);
  }
  const folder = new FixtureFolder(path);
  const common = { mode: 'ignore-rules', byBody: () => true } as const;
  switch (mode) {
    case 'record':
      folder.make();
      return { ...common, manager: new RecordingManager(folder, []) };
    case 'auto':
      folder.make();
      return { ...common, manager: new RecordingManager(folder, folder.read()) };
    case 'replay': {
      const manager = new RecordingManager(folder, folder.read());
      return { ...common, manager, rateLimiter: refusing(manager, path) };
    }
    default:
      throw new TypeError(`The option mode is ${JSON.stringify(mode)}: give 'record', 'replay' or 'auto'`);
  }
}

/** What has no fixture would go to its origin, and all that does asks here. */
function refusing(manager: RecordingManager, folder: string): RateLimiter {
  return {
    acquire: ({ method, url }) => {
      throw new HttpCacheError('ERR_HTTP_CACHE_NO_FIXTURE', reason(manager, folder, { method, url }));
    },
    answered: () => undefined,
  };
}

function reason(
  manager: RecordingManager,
  folder: string,
  { method, url }: { readonly method: string; readonly url: string },
): string {
  const name = `${method} ${url}`;
  const remedy = `record it with the mode 'auto' or 'record'`;
  switch (method) {
    case 'GET':
    case 'HEAD':
      break;
    case 'POST':
    case 'QUERY':
      return `There is no fixture for ${name} with this body in ${folder}: ${remedy}; GraphQL mutations and bodies above 1 MiB cannot be recorded`;
    default:
      return `There is no fixture for ${name} in ${folder}: only GET, HEAD, POST and QUERY can be recorded`;
  }
  switch (manager.recorded(method, url)) {
    case 'varying':
      return `There is no fixture for ${name} with these header fields in ${folder}: ${remedy}`;
    case 'one':
      return `The fixture for ${name} in ${folder} cannot answer: the request passes the cache by, or has a condition or a range that only its origin can judge`;
    case undefined:
      return `There is no fixture for ${name} in ${folder}: ${remedy}`;
  }
}
