// The package has no types; these are of what is used of it.

declare module 'http-cache-tests/tests/index.mjs' {
  /** One test of the suite. */
  export interface SuiteTest {
    readonly id: string;
    readonly name: string;
    /** Required, when there is none. */
    readonly kind?: 'required' | 'optimal' | 'check';
    /** Whether it is for browsers only, which is to say for private caches. */
    readonly browser_only?: boolean;
    /** Whether it is for all but browsers: shared caches, and what the Fetch API hides. */
    readonly browser_skip?: boolean;
    readonly requests: readonly { readonly pause_after?: boolean }[];
  }

  /** Tests of one matter. */
  export interface Suite {
    readonly id: string;
    readonly name: string;
    readonly tests: readonly SuiteTest[];
  }

  const suites: readonly Suite[];
  export default suites;
}

declare module 'http-cache-tests/results/index.mjs' {
  /** A published set of results. */
  const published: readonly {
    readonly file: string;
    readonly name: string;
    readonly type: 'browser' | 'rev-proxy' | 'cdn';
    readonly version: string;
  }[];
  export default published;
}

declare module 'http-cache-tests/client/runner.mjs' {
  import type { Suite } from 'http-cache-tests/tests/index.mjs';

  /** What the suite asks the client for. */
  export interface FetchOptions {
    readonly method?: string;
    readonly headers?: readonly (readonly [name: string, value: string])[];
    readonly body?: string;
    readonly cache?: string;
    readonly redirect?: string;
  }

  /** What the suite looks at of a response. */
  export interface FetchedResponse {
    readonly status: number;
    readonly statusText: string;
    readonly headers: Headers;
    text(): Promise<string>;
  }

  /** What came of one test: `true`, or the name and the message of an error. */
  export type RawResult = true | readonly [name: string, message: string];

  export function runTests(
    suites: readonly Pick<Suite, 'tests'>[],
    fetch: (url: string, options?: FetchOptions) => Promise<FetchedResponse>,
    isBrowser: boolean,
    base: string,
    atOnce: number,
  ): Promise<void>;

  export function getResults(): Record<string, RawResult>;
}

declare module 'http-cache-tests/lib/display.mjs' {
  import type { RawResult } from 'http-cache-tests/client/runner.mjs';
  import type { Suite } from 'http-cache-tests/tests/index.mjs';

  /** Gives a glyph, a colour and a symbol. */
  export function determineTestResult(
    suites: readonly Suite[],
    id: string,
    results: Readonly<Record<string, RawResult>>,
  ): readonly [glyph: string, colour: string, symbol: string];
}

declare module 'http-cache-tests/server/handle-config.mjs' {
  export { default } from 'http-cache-tests/server/handle-test.mjs';
}

declare module 'http-cache-tests/server/handle-state.mjs' {
  export { default } from 'http-cache-tests/server/handle-test.mjs';
}

declare module 'http-cache-tests/server/handle-test.mjs' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export default function handle(
    path: readonly string[],
    request: IncomingMessage,
    response: ServerResponse,
  ): void;
}

declare module 'http-cache-tests/server/utils.mjs' {
  /** What the server saw, by the id of a run of a test. */
  export const stash: ReadonlyMap<string, unknown>;
}
