import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { clientRows } from '../streams/clients.ts';
import { setStage, type Stage, type StageOptions, type StageRow, storingRows } from '../streams/stage.ts';
import { answers } from './answers.ts';
import { ask } from './ask.ts';

const second = 1000;
const day = 24 * 60 * 60;
const shared = { shared: true } as const;

/** What forbids that a stored response is reused stale (§4.2.4). */
const forbidding: [directives: string, options?: StageOptions][] = [
  ['must-revalidate'],
  ['no-cache'],
  ['proxy-revalidate', shared],
  ['s-maxage=60', shared],
];

/** What binds shared caches alone, in a private cache. */
const forOthers = ['proxy-revalidate', 's-maxage=60'];

/** A stage on which a response with these directives was stored, so many seconds ago, and what then answers. */
async function setStored(
  row: StageRow,
  directives: string,
  { seconds, next, ...options }: StageOptions & { readonly seconds: number; readonly next: Route },
): Promise<Stage> {
  const stage = await setStage(
    row,
    { '/': answers({ headers: { 'Cache-Control': `max-age=60, ${directives}`, ETag: '"e"' } }) },
    options,
  );
  await ask(stage, '/');
  stage.clock.advance(seconds * second);
  stage.origin.route('/', next);
  return stage;
}

const confirmed = answers({ status: 304, headers: { 'Cache-Control': 'max-age=60' } });
const failed = (status: number): Route => answers({ status, body: 'failed' });
const reset: Route = ({ response }) => void response.socket?.destroy();

const fromStore = { status: 200, body: 'body 1' };

describe.each(storingRows)('a stale response (RFC 9111 §4.2.4), $client, $store', (row) => {
  it('is not reused where nothing allows it', async () => {
    await using stage = await setStored(row, 'public', { seconds: 60, next: failed(503) });
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', status: 503, body: 'failed' });
  });

  describe('with stale-while-revalidate (RFC 5861 §3)', () => {
    it.each([60, 90])('answers at once at %i s, and is validated behind that', async (seconds) => {
      const directives = 'stale-while-revalidate=30';
      await using stage = await setStored(row, directives, { seconds, next: confirmed });
      const stale = await ask(stage, '/');
      expect(stale).toMatchObject({ ...fromStore, outcome: 'stale', headers: { age: `${seconds}` } });
      expect(stale.info).toMatchObject({ reason: 'stale-while-revalidate', forwardStatus: undefined });
      expect(stage.origin.count()).toBe(2);
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'hit', headers: { age: '0' } });
    });

    it('is validated once, however many clients of the cache ask meanwhile', async () => {
      const headers = { 'Cache-Control': 'max-age=60, stale-while-revalidate=30' };
      await using stage = await setStored(row, 'stale-while-revalidate=30', {
        seconds: 60,
        next: async (call) => {
          await call.toldToGoOn;
          await answers({ headers })(call);
        },
      });
      const { origin, cache } = stage;
      const clients = clientRows.map(({ connect }) => connect(cache));
      const asked = Array.from({ length: 10 }, () => clients.map((client) => client.fetch(`${origin.url}/`)));
      for (const { info, body } of await Promise.all(asked.flat())) {
        expect(info?.outcome).toBe('stale');
        expect(body.toString()).toBe('body 1');
      }
      await origin.received('/', 2);
      origin.goOn();
      await cache.idle();
      expect(origin.count()).toBe(2);
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 2' });
    });

    it.each([
      [200, 'hit', 'failed'],
      [404, 'hit', 'failed'],
      [503, 'stale', 'body 1'],
      [429, 'stale', 'body 1'],
    ])('and validated by a %i, is then answered by a %s: %s', async (status, outcome, body) => {
      const next = answers({
        status,
        headers: status < 429 ? { 'Cache-Control': 'max-age=60' } : {},
        body: 'failed',
      });
      await using stage = await setStored(row, 'stale-while-revalidate=30', { seconds: 60, next });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'stale', ...fromStore });
      expect(await ask(stage, '/')).toMatchObject({ outcome, body });
    });

    it.each([
      ['public', 'hit', 'failed'],
      ['stale-if-error=30', 'stale', 'body 1'],
    ])(
      'and %s, and validated by a 503 that may be stored, is then answered by a %s: %s',
      async (directive, outcome, body) => {
        const next = answers({ status: 503, headers: { 'Cache-Control': 'max-age=60' }, body: 'failed' });
        const directives = `stale-while-revalidate=30, ${directive}`;
        await using stage = await setStored(row, directives, { seconds: 60, next });
        expect(await ask(stage, '/')).toMatchObject({ outcome: 'stale', ...fromStore });
        expect(await ask(stage, '/')).toMatchObject({ outcome, body });
      },
    );

    it('is validated first, past that time', async () => {
      const directives = 'stale-while-revalidate=30';
      await using stage = await setStored(row, directives, { seconds: 91, next: confirmed });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'revalidated' });
    });

    it.each(forbidding)('is validated first where it says %s', async (directive, options = {}) => {
      const directives = `stale-while-revalidate=30, ${directive}`;
      await using stage = await setStored(row, directives, { seconds: 60, next: confirmed, ...options });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'revalidated' });
    });

    it.each(forOthers)('answers at once in a private cache where it says %s', async (directive) => {
      const directives = `stale-while-revalidate=30, ${directive}`;
      await using stage = await setStored(row, directives, { seconds: 60, next: confirmed });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'stale' });
    });
  });

  describe('with stale-if-error (RFC 5861 §4)', () => {
    it.each([500, 502, 503, 504])(
      'answers in place of a %i, and is validated the next time',
      async (status) => {
        await using stage = await setStored(row, 'stale-if-error=30', { seconds: 90, next: failed(status) });
        const stale = await ask(stage, '/');
        expect(stale).toMatchObject({ ...fromStore, outcome: 'stale', headers: { age: '90' } });
        expect(stale.info).toMatchObject({ reason: 'stale-if-error', forwardStatus: status });
        stage.origin.route('/', confirmed);
        expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'revalidated' });
      },
    );

    it.each([400, 403, 429, 501, 505])('does not hide a %i', async (status) => {
      await using stage = await setStored(row, 'stale-if-error=30', { seconds: 60, next: failed(status) });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', status, body: 'failed' });
    });

    it('does not answer past that time', async () => {
      await using stage = await setStored(row, 'stale-if-error=30', { seconds: 91, next: failed(503) });
      expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', status: 503 });
    });

    it.each([
      [90, 200],
      [91, 503],
    ])('of the request, answers at %i s with a %i', async (seconds, status) => {
      await using stage = await setStored(row, 'public', { seconds, next: failed(503) });
      const headers = { 'Cache-Control': 'stale-if-error=30' };
      expect((await ask(stage, '/', { headers })).status).toBe(status);
    });

    it.each(forbidding)('does not answer where it says %s', async (directive, options = {}) => {
      const directives = `stale-if-error=30, ${directive}`;
      await using stage = await setStored(row, directives, { seconds: 60, next: failed(503), ...options });
      const headers = { 'Cache-Control': 'stale-if-error=30' };
      expect(await ask(stage, '/', { headers })).toMatchObject({ outcome: 'miss', status: 503 });
    });

    it.each(forOthers)('answers in a private cache where it says %s', async (directive) => {
      const directives = `stale-if-error=30, ${directive}`;
      await using stage = await setStored(row, directives, { seconds: 60, next: failed(503) });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'stale' });
    });

    it.each(['no-cache', 'max-age=60', 'min-fresh=1', 'max-stale=9'])(
      'does not answer a request with %s',
      async (directive) => {
        await using stage = await setStored(row, 'stale-if-error=30', { seconds: 70, next: failed(503) });
        const headers = { 'Cache-Control': directive };
        expect(await ask(stage, '/', { headers })).toMatchObject({ outcome: 'miss', status: 503 });
      },
    );
  });

  describe('of an origin that cannot be reached', () => {
    it.each([true, false])('answers when a connection is refused, redirects followed: %j', async (follow) => {
      await using stage = await setStored(row, 'public', { seconds: 60, next: reset });
      await stage.origin.close();
      // The first one finds that the connection it was to use again is gone, the others find nobody to connect to.
      for (let nth = 1; nth <= 3; nth++) {
        const stale = await ask(stage, '/', { follow });
        expect(stale).toMatchObject({ ...fromStore, outcome: 'stale', headers: { age: '60' } });
        expect(stale.info).toMatchObject({ reason: 'disconnected', forwardStatus: undefined });
      }
    });

    it('answers when the connection is reset, also in the middle of a head', async () => {
      await using stage = await setStored(row, 'public', { seconds: 60, next: reset });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'stale' });
      stage.origin.route('/', ({ response }) => void response.socket?.end('HTTP/1.1 200 OK\r\nContent-'));
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'stale' });
    });

    it.each([
      ['a day, by default', {}, day],
      ['as long as maxStaleIfDisconnected says', { maxStaleIfDisconnected: 30 * second }, 30],
    ])('answers for %s', async (_name, options, seconds) => {
      await using stage = await setStored(row, 'public', { seconds: 60 + seconds, next: reset, ...options });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'stale' });
      stage.clock.advance(1);
      expect(await codeOf(ask(stage, '/'))).toBe('ECONNRESET');
    });

    it('answers for however long where maxStaleIfDisconnected is Infinity', async () => {
      const options = { maxStaleIfDisconnected: Infinity };
      await using stage = await setStored(row, 'public', { seconds: 1000 * day, next: reset, ...options });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'stale' });
    });

    it('answers longer where stale-if-error says so, which holds then too', async () => {
      const options = { maxStaleIfDisconnected: 0 };
      await using stage = await setStored(row, 'stale-if-error=30', { seconds: 90, next: reset, ...options });
      expect(await ask(stage, '/')).toMatchObject({ ...fromStore, outcome: 'stale' });
    });

    it('never answers where maxStaleIfDisconnected is 0', async () => {
      const options = { maxStaleIfDisconnected: 0 };
      await using stage = await setStored(row, 'public', { seconds: 60, next: reset, ...options });
      expect(await codeOf(ask(stage, '/'))).toBe('ECONNRESET');
    });

    // §5.2.2.2 asks for an error, and the client's own says more than a 504 would.
    it.each(forbidding)(
      "gives way to the client's own error where it says %s",
      async (directive, options = {}) => {
        await using stage = await setStored(row, directive, { seconds: 60, next: reset, ...options });
        expect(await codeOf(ask(stage, '/'))).toBe('ECONNRESET');
      },
    );

    it.each([
      ['no-cache', { headers: { 'Cache-Control': 'no-cache' } }],
      ['max-age', { headers: { 'Cache-Control': 'max-age=600' } }],
      ['a condition that only the origin can judge', { headers: { 'If-Match': '"e"' } }],
      ['the mode no-cache', { httpCache: { mode: 'no-cache' } }],
      ['the mode reload', { httpCache: { mode: 'reload' } }],
      ['the mode no-store', { httpCache: { mode: 'no-store' } }],
      ['another method', { method: 'POST', body: 'x' }],
    ] as const)('does not answer a request with %s', async (_name, asked) => {
      await using stage = await setStored(row, 'public', { seconds: 60, next: reset });
      expect(await codeOf(ask(stage, '/', asked))).toMatch(/^(ECONNRESET|EPIPE)$/);
    });

    it("does not answer in place of the user's own abort or timeout", async () => {
      await using stage = await setStored(row, 'public', {
        seconds: 60,
        next: ({ toldToGoOn }) => toldToGoOn,
      });
      const aborting = new AbortController();
      const aborted = codeOf(ask(stage, '/', { signal: aborting.signal }));
      await stage.origin.received('/', 2);
      aborting.abort();
      expect(await aborted).toMatch(/^(ERR_CANCELED|ERR_ABORTED)$/);
      expect(await codeOf(ask(stage, '/', { timeout: 50 }))).toMatch(/^(ECONNABORTED|ETIMEDOUT)$/);
    });

    it('does not answer in place of a body that breaks off', async () => {
      await using stage = await setStored(row, 'public', {
        seconds: 60,
        next: ({ response }) => {
          response.writeHead(200, { 'Content-Length': '9' }).write('part', () => response.destroy());
        },
      });
      await expect(ask(stage, '/')).rejects.toThrow(Error);
    });
  });
});

/** The code of the error that a request ends in; `undefined` where it is answered. */
async function codeOf(asking: Promise<unknown>): Promise<unknown> {
  try {
    await asking;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return undefined;
}
