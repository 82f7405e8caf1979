import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CacheMode } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';
import type { Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import { startAsking } from '../rfc9111/ask.ts';
import type { Asked } from '../streams/clients.ts';
import { setStage, type StageOptions, storingRows } from '../streams/stage.ts';

const users = ['nobody', 'ada', 'bob'] as const;
const tenants = ['', 'one', 'two'] as const;
const modes: readonly (CacheMode | undefined)[] = [
  ...Array.from({ length: 6 }, () => undefined),
  ...(['default', 'reload', 'no-cache', 'force-cache', 'ignore-rules'] as const),
];
const controls = [
  '',
  'max-age=60',
  'max-age=60, private',
  'public, max-age=60',
  'no-cache',
  'max-age=1, stale-while-revalidate=30',
];
const varies = ['', 'X-Unused', 'Authorization'];
const paths = controls.flatMap((_, control) => varies.map((_v, vary) => `/?control=${control}&vary=${vary}`));

/** What an answer says of whom it is for. */
interface Told {
  readonly who: string;
  readonly tenant: string;
  readonly sent: string;
  readonly path: string;
  readonly isRefused: boolean;
}

/** Answers each user by name, by the rules that the query names; lets nobody but ada in at every third path. */
const telling: Route = async (call) => {
  const { request, query } = call;
  const {
    authorization = 'nobody',
    'x-tenant': tenant = '',
    'if-none-match': condition = '',
  } = request.headers;
  const sent = (await drain(request)).toString();
  const control = controls[Number(query.get('control'))] ?? '';
  const vary = varies[Number(query.get('vary'))] ?? '';
  const isRefused = query.has('door') && authorization !== 'ada';
  const told: Told = { who: authorization, tenant: String(tenant), sent, path: request.url ?? '', isRefused };
  const body = JSON.stringify(told);
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  const headers = [
    ...(control === '' ? [] : [['Cache-Control', control] as const]),
    ...(vary === '' ? [] : [['Vary', vary] as const]),
    ['ETag', etag] as const,
  ];
  if (!isRefused && request.method === 'GET' && condition.includes(etag))
    send(call, { status: 304, headers });
  else send(call, { status: isRefused ? 404 : 200, headers, body });
};

/** The same numbers in each run, from 0 to below a limit. */
function numbers(): (limit: number) => number {
  let state = 20_300_101;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

const newer: StageOptions = {
  byBody: ['POST'],
  cacheKey: { headers: ['X-Tenant'] },
  errorTtl: 30_000,
  rules: [{ match: /control=0/, defaultTtl: 30_000 }],
  shouldStore: (_response, _request, { text }) => !text.includes('two'),
};

describe.each(storingRows)('what a private cache gives to users who ask at once, $client, $store', (row) => {
  it.each([
    ['by itself', {}],
    ['with the newer options', newer],
  ])('is theirs, or for anybody: %s', async (_how, options) => {
    await using stage = await setStage(row, { '/': telling }, { collapseTimeout: 200, ...options });
    const pick = numbers();
    const hasTenants = options === newer;
    const one = <T>(list: readonly [T, ...T[]] | readonly T[], or: T): T => list[pick(list.length)] ?? or;
    const outcomes = new Set<string | undefined>();
    let hot: readonly string[] = [];
    const askOne = async (): Promise<void> => {
      const who = one(users, 'nobody');
      const tenant = hasTenants ? one(tenants, '') : '';
      const mode = one(modes, undefined);
      const path = one(hot, '/');
      const body = pick(4) === 0 ? `{"n":${pick(2)}}` : undefined;
      const asked: Asked = {
        headers: {
          ...(who === 'nobody' ? {} : { Authorization: who }),
          ...(tenant === '' ? {} : { 'X-Tenant': tenant }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { method: 'POST', body }),
        ...(mode === undefined ? {} : { httpCache: { mode } }),
      };
      const answer = await startAsking(stage, path, asked);
      outcomes.add(answer.outcome);
      const told: Told = JSON.parse(answer.body);
      const what = { who, tenant, mode, path, sent: body ?? '', outcome: answer.outcome };
      expect({ ...what, tenant: told.tenant, path: told.path, sent: told.sent }).toEqual(what);
      const isForAnybody = path.includes('control=3') && !path.includes('vary=2');
      const isOfNobody = told.who === 'nobody' && !(options === newer && told.isRefused && !isForAnybody);
      if (!isForAnybody && !isOfNobody) expect({ ...what, who: told.who }).toEqual(what);
    };
    for (let round = 0; round < 60; round += 1) {
      // A few at a time, so that they meet.
      if (round % 5 === 0) hot = [one(paths, '/'), `${one(paths, '/')}&door`];
      await Promise.all(Array.from({ length: 8 }, askOne));
      if (pick(3) === 0) await stage.cache.idle();
      if (pick(4) === 0) stage.clock.advance(pick(40) * 1000);
      if (pick(10) === 0) await startAsking(stage, one(hot, '/'), { method: 'PUT', body: 'new' });
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['hit', 'miss', 'revalidated']));
  });
});
