import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const failed = 'nothing is stored of a request that failed';
const incomplete = 'a body that did not come whole is not stored';

/** Longer than a busy machine takes to send a request: what was sent by then is compared. */
const ms = 1500;

/** What takes longer than the caller waits. */
export const axiosTimeouts: readonly AxiosScenario[] = [
  getting('a timeout', '/stall-head', { timeout: ms }, { asksAgain: failed }),
  getting(
    'a timeout with maxRedirects 0',
    '/stall-head',
    { timeout: ms, maxRedirects: 0 },
    { asksAgain: failed },
  ),
  getting(
    'a timeout that is told from an abort',
    '/stall-head',
    { timeout: ms, transitional: { clarifyTimeoutError: true } },
    { asksAgain: failed },
  ),
  getting(
    'a timeout with a message',
    '/stall-head',
    { timeout: ms, timeoutErrorMessage: 'too late' },
    { asksAgain: failed },
  ),
  getting('a timeout in the body', '/stall-body', { timeout: ms }, { asksAgain: incomplete }),
  streaming('a timeout in the body', '/stall-body', { timeout: ms }, { asksAgain: incomplete }),
  getting(
    'a timeout in the body with maxRedirects 0',
    '/stall-body',
    { timeout: ms, maxRedirects: 0 },
    { asksAgain: incomplete },
  ),
  getting(
    'a timeout behind a redirect',
    '/redirect?to=/stall-head',
    { timeout: ms },
    { lastAsks: ['/stall-head'] },
  ),
  {
    name: 'a timeout of a POST',
    asksAgain: failed,
    run: ({ client, origin }) => client().post(`${origin.url}/stall-head`, 'plum', { timeout: ms }),
  },
];
