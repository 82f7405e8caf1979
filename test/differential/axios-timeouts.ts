import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

const failed = 'nothing is stored of a request that failed';
const incomplete = 'a body that did not come whole is not stored';

/** What takes longer than the caller waits. */
export const axiosTimeouts: readonly AxiosScenario[] = [
  getting('a timeout', '/stall-head', { timeout: 150 }, { asksAgain: failed }),
  getting(
    'a timeout with maxRedirects 0',
    '/stall-head',
    { timeout: 150, maxRedirects: 0 },
    { asksAgain: failed },
  ),
  getting(
    'a timeout that is told from an abort',
    '/stall-head',
    { timeout: 150, transitional: { clarifyTimeoutError: true } },
    { asksAgain: failed },
  ),
  getting(
    'a timeout with a message',
    '/stall-head',
    { timeout: 150, timeoutErrorMessage: 'too late' },
    { asksAgain: failed },
  ),
  getting('a timeout in the body', '/stall-body', { timeout: 150 }, { asksAgain: incomplete }),
  streaming('a timeout in the body', '/stall-body', { timeout: 150 }, { asksAgain: incomplete }),
  getting(
    'a timeout in the body with maxRedirects 0',
    '/stall-body',
    { timeout: 150, maxRedirects: 0 },
    { asksAgain: incomplete },
  ),
  getting(
    'a timeout behind a redirect',
    '/redirect?to=/stall-head',
    { timeout: 150 },
    { lastAsks: ['/stall-head'] },
  ),
  {
    name: 'a timeout of a POST',
    asksAgain: failed,
    run: ({ client, origin }) => client().post(`${origin.url}/stall-head`, 'plum', { timeout: 150 }),
  },
];
