import { getting, streaming, warmUp } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

const partOnly = 'nothing is stored of a part';

const firstBytes = { headers: { Range: 'bytes=0-3' }, responseType: 'buffer' } as const;

/** Parts of representations (RFC 9110 §14). */
export const gotParts: readonly GotScenario[] = [
  getting('a range', '/parts', firstBytes, { asksAgain: partOnly }),
  streaming('a range', '/parts', { headers: { Range: 'bytes=4-4095' } }, { asksAgain: partOnly }),
  getting('a range of what is stored', '/parts', firstBytes, { warm: warmUp('/parts') }),
  streaming(
    'a range of what is stored',
    '/parts',
    { headers: { Range: 'bytes=4-4095' } },
    { warm: warmUp('/parts') },
  ),
  getting(
    'a range on a condition of what is stored',
    '/parts',
    { headers: { Range: 'bytes=0-3', 'If-Range': '"whole"' }, responseType: 'buffer' },
    { warm: warmUp('/parts') },
  ),
  getting(
    'a range on a condition that what is stored does not meet',
    '/parts',
    { headers: { Range: 'bytes=0-3', 'If-Range': '"other"' }, responseType: 'buffer' },
    { warm: warmUp('/parts') },
  ),
  getting(
    'several ranges of what is stored',
    '/parts',
    { headers: { Range: 'bytes=0-3,8-9' }, responseType: 'buffer' },
    { warm: warmUp('/parts'), asksAgain: 'only one range is cut' },
  ),
  getting(
    'a range that cannot be satisfied',
    '/parts',
    { headers: { Range: 'bytes=9999-99999' } },
    { asksAgain: partOnly },
  ),
  getting('a range that the origin ignores', '/no-store', firstBytes, { asksAgain: 'it says no-store' }),
  getting(
    'a range on a condition',
    '/parts',
    { headers: { Range: 'bytes=0-3', 'If-Range': '"whole"' }, responseType: 'buffer' },
    { asksAgain: partOnly },
  ),
  {
    name: 'the whole after a part',
    async warm({ client, origin }) {
      await client()(`${origin.url}/parts`, firstBytes);
      await client()(`${origin.url}/parts`);
    },
    run: async ({ client, origin }) => client()(`${origin.url}/parts`, { responseType: 'buffer' }),
  },
];
