import { describe, expect, it } from 'vitest';
import { setStage, stageRows } from '../streams/stage.ts';
import type { Route } from '../helpers/origin.ts';
import { writeHead } from '../helpers/reply.ts';
import { ask, startAsking } from '../rfc9111/ask.ts';
import { HeldLimiter } from './held-limiter.ts';

const fresh = ['Cache-Control', 'max-age=60'] as const;

/** Answers with how many times it was asked, and confirms whatever it is asked about. */
const counted: Route = (call) => {
  const status = call.request.headers['if-none-match'] === undefined ? 200 : 304;
  writeHead(call, { status, headers: [fresh, ['ETag', '"1"']] });
  call.response.end(status === 200 ? `body ${call.nth}` : undefined);
};

describe.each(stageRows)('a rate limiter, $client on $store', (row) => {
  it('holds back what goes to the origin, and no hit', async () => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter });
    const missing = startAsking(stage, '/');
    const held = await rateLimiter.next();
    const { host } = new URL(stage.origin.url);
    expect(held.request).toEqual({ url: `${stage.origin.url}/`, host, method: 'GET' });
    expect(stage.origin.count()).toBe(0);
    held.letThrough();
    expect(await missing).toMatchObject({ outcome: 'miss', body: 'body 1' });
    await stage.cache.idle();
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 1' });
    expect(rateLimiter.acquired).toHaveLength(1);

    stage.clock.advance(61_000);
    const stale = startAsking(stage, '/');
    (await rateLimiter.next()).letThrough();
    expect(await stale).toMatchObject({ outcome: 'revalidated', body: 'body 1' });
    expect(rateLimiter.acquired).toHaveLength(2);
    expect(rateLimiter.answers.map(({ answer }) => answer.status)).toEqual([200, 304]);
    await Promise.all(rateLimiter.answers.map(({ answer }) => answer.ended));
  });

  it.each([
    ['POST', { method: 'POST', body: 'a' }],
    ['DELETE', { method: 'DELETE' }],
    ['mode no-store', { httpCache: { mode: 'no-store' } }],
    ['httpCache: false', { httpCache: false }],
    ['several ranges', { headers: { Range: 'bytes=0-1,3-4' } }],
    ['no redirects followed', { follow: false }],
  ] as const)('holds back what the cache only passes on: %s', async (_what, asked) => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter });
    const passing = startAsking(stage, '/', asked);
    const held = await rateLimiter.next();
    expect(stage.origin.count()).toBe(0);
    held.letThrough();
    expect((await passing).status).toBe(200);
    expect(rateLimiter.answers).toHaveLength(1);
    expect(stage.origin.count()).toBe(1);
  });

  it.each([undefined, false] as const)(
    'holds back each hop of a redirect, with httpCache %s',
    async (httpCache) => {
      const rateLimiter = new HeldLimiter();
      const routes = {
        '/': counted,
        '/from': ((call) => {
          writeHead(call, { status: 301, headers: [['Location', '/'], fresh] });
          call.response.end();
        }) satisfies Route,
      };
      await using stage = await setStage(row, routes, { rateLimiter });
      const asked = startAsking(stage, '/from', httpCache === false ? { httpCache } : {});
      (await rateLimiter.next()).letThrough();
      const second = await rateLimiter.next();
      expect(second.request.url).toBe(`${stage.origin.url}/`);
      second.letThrough();
      expect(await asked).toMatchObject({ status: 200, body: 'body 1' });
    },
  );

  it('does not age what it holds back', async () => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter });
    const asked = startAsking(stage, '/');
    const held = await rateLimiter.next();
    stage.clock.advance(50_000);
    held.letThrough();
    expect((await asked).info).toMatchObject({ outcome: 'miss', ageMs: 0 });
    await stage.cache.idle();
    stage.clock.advance(50_000);
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit' });
  });

  it('is told of what it let through, with Retry-After in milliseconds', async () => {
    const rateLimiter = new HeldLimiter();
    rateLimiter.isClosed = false;
    const busy: Route = (call) => {
      writeHead(call, { status: 429, headers: [['Retry-After', '7']] });
      call.response.end();
    };
    await using stage = await setStage(row, { '/': busy }, { rateLimiter });
    await ask(stage, '/');
    const [told] = rateLimiter.answers;
    expect(told?.request).toBe(rateLimiter.acquired[0]);
    expect(told?.answer).toMatchObject({ status: 429, retryAfterMs: 7000 });
    expect(told?.answer.headers).toContainEqual(['Retry-After', '7']);
    await told?.answer.ended;
  });

  it('is told when no response came', async () => {
    const rateLimiter = new HeldLimiter();
    rateLimiter.isClosed = false;
    await using stage = await setStage(row, {}, { rateLimiter });
    await stage.origin.close();
    await expect(startAsking(stage, '/')).rejects.toThrow();
    expect(rateLimiter.answers).toMatchObject([{ answer: { status: undefined, headers: [] } }]);
    await rateLimiter.answers[0]?.answer.ended;
  });

  it('may refuse a request, which fails with its error', async () => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter });
    const asked = startAsking(stage, '/');
    (await rateLimiter.next()).refuse(new Error('quota used up'));
    await expect(asked).rejects.toThrow('quota used up');
    expect(stage.origin.count()).toBe(0);
    expect(rateLimiter.answers).toEqual([]);
    expect(stage.events.filter(({ type }) => type === 'error')).toMatchObject([
      { operation: 'rateLimiter', error: { code: 'ERR_HTTP_CACHE_CALLBACK' } },
    ]);
    // What it held is let go of: the next one is a request of its own.
    rateLimiter.isClosed = false;
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 1' });
  });

  it('is left by a caller who gives up, without a request to the origin', async () => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter });
    const leaving = new AbortController();
    const asked = startAsking(stage, '/', { signal: leaving.signal });
    const held = await rateLimiter.next();
    leaving.abort();
    await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/ERR_CANCELED|ERR_ABORTED/) });
    expect(held.signal.aborted).toBe(true);
    // It did not mind the signal: what it lets through in vain it is told of.
    held.letThrough();
    rateLimiter.isClosed = false;
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'miss', body: 'body 1' });
    expect(rateLimiter.answers.map(({ answer }) => answer.status)).toEqual([undefined, 200]);
  });

  it('lets one through for all who share its response, however long that takes', async () => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter, collapseTimeout: 20 });
    const first = startAsking(stage, '/');
    const held = await rateLimiter.next();
    const others = [1, 2, 3].map(() => startAsking(stage, '/'));
    while (stage.events.filter(({ type }) => type === 'wait').length < 3)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 60));
    held.letThrough();
    expect((await Promise.all([first, ...others])).map(({ body }) => body)).toEqual(Array(4).fill('body 1'));
    expect(rateLimiter.acquired).toHaveLength(1);
  });

  it('keeps its place for the others when the first one leaves', async () => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter });
    const leaving = new AbortController();
    const first = startAsking(stage, '/', { signal: leaving.signal });
    first.catch(() => undefined);
    const held = await rateLimiter.next();
    const second = startAsking(stage, '/');
    while (!stage.events.some(({ type }) => type === 'wait'))
      await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await expect(first).rejects.toThrow();
    expect(held.signal.aborted).toBe(false);
    held.letThrough();
    expect(await second).toMatchObject({ outcome: 'miss', body: 'body 1' });
    expect(rateLimiter.acquired).toHaveLength(1);
  });

  it('is left by the last of several that wait for one response', async () => {
    const rateLimiter = new HeldLimiter();
    await using stage = await setStage(row, { '/': counted }, { rateLimiter });
    const leaving = [new AbortController(), new AbortController()] as const;
    const asked = leaving.map(({ signal }) => startAsking(stage, '/', { signal }).catch(() => 'gone'));
    const held = await rateLimiter.next();
    while (!stage.events.some(({ type }) => type === 'wait'))
      await new Promise((resolve) => setTimeout(resolve, 5));
    leaving[0].abort();
    await asked[0];
    expect(held.signal.aborted).toBe(false);
    leaving[1].abort();
    expect(await Promise.all(asked)).toEqual(['gone', 'gone']);
    expect(held.signal.aborted).toBe(true);
    expect(stage.origin.count()).toBe(0);
  });

  it('holds back what is validated behind a stale answer', async () => {
    const rateLimiter = new HeldLimiter();
    rateLimiter.isClosed = false;
    const swr: Route = (call) => {
      writeHead(call, { headers: [['Cache-Control', 'max-age=1, stale-while-revalidate=60']] });
      call.response.end(`body ${call.nth}`);
    };
    await using stage = await setStage(row, { '/': swr }, { rateLimiter });
    await ask(stage, '/');
    stage.clock.advance(5000);
    rateLimiter.isClosed = true;
    expect(await startAsking(stage, '/')).toMatchObject({ outcome: 'stale', body: 'body 1' });
    const held = await rateLimiter.next();
    expect(stage.origin.count()).toBe(1);
    held.letThrough();
    await stage.cache.idle();
    expect(await ask(stage, '/')).toMatchObject({ outcome: 'hit', body: 'body 2' });
  });
});
