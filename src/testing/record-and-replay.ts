import type { CacheManager } from '../managers/manager.ts';
import { FixtureManager } from './fixture-manager.ts';

/** Where fixtures are, and what is to be done with them. */
export interface RecordAndReplayOptions {
  /** The folder of the fixtures: readable files, to be kept beside the tests. Made when it is recorded into. */
  readonly folder: string;
  /** Whether the origins are asked, and their answers recorded in place of the fixtures that are there. Default: `false`. */
  readonly record?: boolean;
}

/** A rate limiter that lets nothing through. */
export interface Refusal {
  /**
   * Refuses a request.
   *
   * @throws Error naming it.
   */
  acquire(request: { readonly method: string; readonly url: string }): void;
  /** Never called, as nothing is let through. */
  answered(): void;
}

/** Options for an `HttpCache` that records or replays; more may be added, but none of these replaced. */
export interface RecordAndReplay {
  /** Keeps the fixtures. */
  readonly manager: CacheManager;
  /** Takes what is there, however old. */
  readonly mode: 'ignore-rules' | 'force-cache';
  /** Requests with a body are recorded by it. */
  readonly byBody: () => boolean;
  /** Error answers are recorded too. */
  readonly errorTtl: number;
  /** When replaying: refuses what would go to an origin. */
  readonly rateLimiter?: Refusal;
}

const tenYears = 10 * 365 * 24 * 60 * 60 * 1000;

/**
 * Gives options for an `HttpCache` that asks origins once and records what they answer, and from then on answers tests from the
 * recorded fixtures, without a network. When replaying, a request without a fixture fails with an error that names it.
 *
 * Recorded are answers with the status 200 and with those of errors, to GET, and to POST and QUERY by their body, whatever their
 * fields say; not those to what may be a GraphQL mutation. Credentials are not recorded, `Set-Cookie` and bodies are: look
 * through the fixtures before they are published.
 *
 * @throws TypeError when there is nothing to replay.
 *
 * @example
 * ```ts
 * import axios from 'axios';
 * import { installCache } from 'http-larder/axios';
 * import { recordAndReplay } from 'http-larder/testing';
 *
 * const api = axios.create();
 * installCache(api, recordAndReplay({ folder: '.cache/fixtures', record: process.env['RECORD'] !== '0' }));
 * ```
 */
export function recordAndReplay({ folder, record = false }: RecordAndReplayOptions): RecordAndReplay {
  const manager = new FixtureManager(folder);
  const common = { manager, byBody: () => true, errorTtl: tenYears };
  if (record) {
    manager.removeAll();
    return { ...common, mode: 'ignore-rules' };
  }
  if (manager.size === 0) {
    throw new TypeError(`The folder ${folder} has no fixtures: run once with record: true`);
  }
  return {
    ...common,
    mode: 'force-cache',
    rateLimiter: {
      acquire: ({ method, url }) => {
        throw new Error(`There is no fixture for ${method} ${url} in ${folder}: run once with record: true`);
      },
      answered: () => {},
    },
  };
}
