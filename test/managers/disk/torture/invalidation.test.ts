import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpCache } from '../../../../src/http-cache.ts';
import { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import { type Children, compileChildren } from '../../../helpers/child-process.ts';
import { type Origin, type OriginCall, type Route, startOrigin } from '../../../helpers/origin.ts';
import { send } from '../../../helpers/reply.ts';
import { type Client, type ClientRow, clientRows } from '../../../streams/clients.ts';
import type { HeldClientAnswer, HeldClientTask } from './held-client-task.ts';

/** More calls than any of these requests makes; that they are fewer is looked at. */
const MOST_CALLS = 80;

const LARGE = 'large '.repeat(20_000);

let children: Children;
beforeAll(() => {
  children = compileChildren('test/managers/disk/torture', [
    'test/managers/samples.ts',
    'test/streams/clients.ts',
  ]);
});
afterAll(() => children[Symbol.dispose]());

/** What the early request is, and what was stored before it. */
interface Row {
  readonly name: string;
  readonly method: 'GET' | 'HEAD';
  /** Further fields of its responses. */
  readonly others?: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** What becomes of the stale response that is stored before it; `undefined` where there is none. */
  readonly before?: 'validated' | 'replaced';
}

const varying = [['Vary', 'Accept-Language']] as const;
const rows: readonly Row[] = [
  { name: 'a first response', method: 'GET', body: 'small' },
  { name: 'a large response', method: 'GET', body: LARGE },
  {
    name: 'a variant',
    method: 'GET',
    others: varying,
    body: 'small',
  },
  { name: 'a response to HEAD', method: 'HEAD', body: 'small' },
  { name: 'a response in the place of another', method: 'GET', body: LARGE, before: 'replaced' },
  { name: 'a 304', method: 'GET', body: LARGE, before: 'validated' },
  {
    name: 'a 304 for a variant',
    method: 'GET',
    others: varying,
    body: 'small',
    before: 'validated',
  },
];

describe.each(clientRows)('RFC 9111 §4.4 while another process stops anywhere, $client', (row) => {
  // Both clients have the same engine, so each takes every other row.
  const mine = rows.filter((_, at) => at % clientRows.length === clientRows.indexOf(row));

  it.each(mine)('$name from before does not come back', { timeout: 60_000 }, async (early) => {
    await using stage = await setStage(row, early);
    const calls: string[] = [];
    for (let holdAfter = 0; holdAfter < MOST_CALLS; holdAfter++) {
      const url = `${stage.origin.url}/${holdAfter}`;
      if (early.before !== undefined) await stage.ask(url, early.method);
      const first = await stage.held({ kind: 'ask', url, method: early.method, holdAfter });
      if (first.kind === 'answered') break;
      calls.push(first.call);
      await stage.client.fetch(url, { method: 'POST' });
      // The other process comes to its end before this one asks, or behind its back.
      const asked = holdAfter % 2 === 0 ? await stage.ask(url, early.method) : 2;
      stage.goOn();
      await stage.answer();
      const late = await stage.ask(url, early.method);
      const other = await stage.held({ kind: 'ask', url, method: early.method });
      expect({ calls, asked, late, other }).toEqual({
        calls,
        asked: 2,
        late: 2,
        other: { kind: 'answered', version: 2 },
      });
    }
    expect(calls.length).toBeGreaterThan(5);
    expect(calls.length).toBeLessThan(MOST_CALLS);
  });
});

interface Stage extends AsyncDisposable {
  readonly origin: Origin;
  readonly client: Client;
  /** The version that this process gets, once its store is done with it. */
  ask(url: string, method: 'GET' | 'HEAD'): Promise<number>;
  /** Has the other process do something; what it tells next. */
  held(task: HeldClientTask): Promise<HeldClientAnswer>;
  /** Has the other process go on. */
  goOn(): void;
  /** What the other process tells next. */
  answer(): Promise<HeldClientAnswer>;
}

/** An origin, a client here, and one in another process, with their caches on one folder. */
async function setStage({ client: name, connect }: ClientRow, early: Row): Promise<Stage> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'http-larder-'));
  const origin = await startOrigin(versions(early), { date: () => new Date() });
  const cache = new HttpCache({ manager: new StreamingManager({ path: folder, minFree: 0 }) });
  const client = connect(cache);
  const other: ChildProcess = children.fork('held-client.ts', [folder, name]);
  const told: HeldClientAnswer[] = [];
  other.on('message', (message) => void told.push(message as HeldClientAnswer));
  const answer = async (): Promise<HeldClientAnswer> => {
    for (;;) {
      const next = told.shift();
      if (next !== undefined) return next;
      await once(other, 'message');
    }
  };
  const tell = (task: HeldClientTask): void => void other.send(task);
  return {
    origin,
    client,
    ask: async (url, method) => {
      const { headers } = await client.fetch(url, { method });
      await cache.idle();
      return Number(headers['x-version']);
    },
    held: async (task) => {
      tell(task);
      return await answer();
    },
    goOn: () => tell({ kind: 'go-on' }),
    answer,
    [Symbol.asyncDispose]: async () => {
      other.kill('SIGKILL');
      await origin.close();
      await cache.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Resources that each POST takes to their next version, and that say which it is. */
function versions({ others = [], body, before }: Row): Record<string, Route> {
  const route = (): Route => {
    let version = 1;
    return (call: OriginCall) => {
      if (call.request.method === 'POST') version++;
      const isStale = before !== undefined && call.nth === 1;
      const lines = [
        ...others,
        ['Cache-Control', isStale ? 'max-age=0' : 'max-age=600'],
        ['ETag', isStale && before === 'replaced' ? '"0"' : `"${version}"`],
        ['X-Version', String(version)],
      ] as const;
      if (call.request.method === 'POST') send(call, { status: 204 });
      else if (call.request.headers['if-none-match'] === `"${version}"`) {
        send(call, { status: 304, headers: lines });
      } else send(call, { headers: lines, body });
    };
  };
  return Object.fromEntries(Array.from({ length: MOST_CALLS }, (_, at) => [`/${at}`, route()]));
}
