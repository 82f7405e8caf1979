import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, type Children, compileChildren } from '../helpers/child-process.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import type { AskerAnswer, AskerTask } from './asker-task.ts';

let children: Children;
let processes: readonly Child[];
beforeAll(() => {
  children = compileChildren('test/leases');
  processes = Array.from({ length: 4 }, () => children.start('asker.ts'));
});
afterAll(async () => {
  await Promise.all(processes.map(async (one) => await one[Symbol.asyncDispose]()));
  children[Symbol.dispose]();
});

/** Has all processes ask at once. */
async function askAll(
  task: Omit<AskerTask, 'client'>,
  clients: readonly AskerTask['client'][],
): Promise<AskerAnswer[]> {
  const asked = processes.map(
    async (one, at) => (await one.ask({ ...task, client: clients[at % clients.length] })) as AskerAnswer,
  );
  return await Promise.all(asked);
}

/** Answers after a while, so that all processes have asked by then. */
const slow =
  (headers: Record<string, string>, ms = 300): Route =>
  async ({ response, nth }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    response.writeHead(200, headers).end(`answer ${nth}`);
  };

const both = ['axios', 'got'] as const;

describe('processes that share a folder and miss at once', () => {
  it('ask the origin once for each response, however many requests there are', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin({
      '/a': slow({ 'Cache-Control': 'max-age=60' }),
      '/b': slow({ 'Cache-Control': 'max-age=60', Vary: 'Accept-Encoding' }),
    });
    const urls = ['a', 'a', 'b', 'a', 'b'].map((path) => `${origin.url}/${path}`);
    const answers = await askAll({ folder: folder.path, urls }, ['axios']);
    expect(answers.map(({ faults }) => faults)).toEqual(processes.map(() => []));
    expect(new Set(answers.flatMap(({ bodies }) => bodies))).toEqual(new Set(['answer 1']));
    expect(origin.count()).toBe(2);
  });

  it('ask once whichever client asks', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin({ '/': slow({ 'Cache-Control': 'max-age=60' }) });
    const answers = await askAll({ folder: folder.path, urls: [`${origin.url}/`, `${origin.url}/`] }, both);
    expect(new Set(answers.flatMap(({ bodies }) => bodies))).toEqual(new Set(['answer 1']));
    expect(origin.count()).toBe(1);
  });

  it('do not wait in line for what is not stored', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin({ '/': slow({ 'Cache-Control': 'no-store' }) });
    const task = { folder: folder.path, urls: [`${origin.url}/`] };
    await askAll(task, both);
    expect(origin.count()).toBe(processes.length);
    // By now each of them knows.
    const together = await askAll(task, both);
    expect(origin.count()).toBe(2 * processes.length);
    for (const { faults } of together) expect(faults).toEqual([]);
  });

  it('validate a stale response once behind those that are answered with it', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin({
      '/': slow({ 'Cache-Control': 'max-age=0, stale-while-revalidate=60' }, 0),
    });
    const task = { folder: folder.path, urls: [`${origin.url}/`] };
    const [first] = processes;
    await first?.ask({ ...task, client: 'got' });
    expect(origin.count()).toBe(1);
    origin.route('/', slow({ 'Cache-Control': 'max-age=60' }));
    const answers = await askAll(task, both);
    expect(new Set(answers.flatMap(({ bodies }) => bodies))).toEqual(new Set(['answer 1']));
    expect(origin.count()).toBe(2);
  });

  it.each(both)('go on when the one dies that asked for all, with %s', async (client) => {
    await using folder = await tempDir();
    let calls = 0;
    await using origin = await startOrigin({
      '/': ({ response }) => {
        calls += 1;
        // The first is never answered.
        if (calls > 1) response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('answer');
      },
    });
    const urls = [`${origin.url}/`];
    const holder = children.fork('asker.ts');
    holder.send({ client, folder: folder.path, urls });
    await origin.received('/');
    const died = once(holder, 'exit');
    holder.kill('SIGKILL');
    await died;
    const answers = await askAll({ folder: folder.path, urls }, [client]);
    expect(answers.flatMap(({ bodies }) => bodies)).toEqual(processes.map(() => 'answer'));
    expect(origin.count()).toBe(2);
  });
});
