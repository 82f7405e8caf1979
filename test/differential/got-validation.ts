import { getting, streaming, warmUp } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

const validates = true;

/** Responses that are stale at once, so that the origin has to confirm them each time. */
export const gotValidation: readonly GotScenario[] = [
  getting('an entity tag', '/etag', {}, { validates }),
  streaming('an entity tag', '/etag', {}, { validates }),
  getting('a date of modification', '/last-modified', {}, { validates }),
  streaming('a date of modification', '/last-modified', {}, { validates }),
  getting('an entity tag behind a redirect', '/redirect?to=/etag&cache-control=no-store', {}, { validates }),
  getting(
    'a condition of the caller that is met by what is stored',
    '/etag?cache-control=max-age=3600',
    { headers: { 'If-None-Match': '"v1"' } },
    { warm: warmUp('/etag?cache-control=max-age=3600') },
  ),
  getting(
    'a condition of the caller that is not met by what is stored',
    '/etag?cache-control=max-age=3600',
    { headers: { 'If-None-Match': '"v0"' } },
    { warm: warmUp('/etag?cache-control=max-age=3600') },
  ),
];
