import { getting, streaming, warmUp } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

const partOnly = 'it asks for a part only';

const firstBytes = { headers: { Range: 'bytes=0-3' }, responseType: 'buffer' } as const;

/** Parts of representations (RFC 9110 §14). */
export const gotParts: readonly GotScenario[] = [
  getting('a range', '/parts', firstBytes, { asksAgain: partOnly }),
  streaming('a range', '/parts', { headers: { Range: 'bytes=4-4095' } }, { asksAgain: partOnly }),
  getting('a range of what is stored', '/parts', firstBytes, { warm: warmUp('/parts'), asksAgain: partOnly }),
  getting(
    'a range that cannot be satisfied',
    '/parts',
    { headers: { Range: 'bytes=9999-99999' } },
    { asksAgain: partOnly },
  ),
  getting('a range that the origin ignores', '/echo', firstBytes, { asksAgain: partOnly }),
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
