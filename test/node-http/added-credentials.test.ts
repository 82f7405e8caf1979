import { Agent, type ClientRequest, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { cacheInfo } from '../../src/index.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { drain } from '../helpers/drain.ts';
import { startOrigin, type Origin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { type Rig, responseTo, rigOn } from './caching-rig.ts';

/** An agent with a cookie jar of its own, as there are some. */
class JarAgent extends Agent {
  readonly #cookie: string | undefined;

  constructor(cookie?: string) {
    super();
    this.#cookie = cookie;
  }

  addRequest(message: ClientRequest, options: object): void {
    if (this.#cookie !== undefined) message.setHeader('Cookie', this.#cookie);
    message.setHeader('Proxy-Authorization', 'Basic cHJveHk=');
    Reflect.apply(Reflect.get(Agent.prototype, 'addRequest'), this, [message, options]);
  }
}

async function ask(rig: Rig<MemoryManager>, url: string, agent: Agent): Promise<readonly unknown[]> {
  const response = await responseTo(rig.open(url, { agent }).end());
  const body = (await drain(response)).toString();
  await rig.cache.idle();
  const info = cacheInfo(response);
  return [body, info?.outcome, info?.notStored];
}

function originThatKnows(): Promise<Origin> {
  return startOrigin({
    '/me': (call) =>
      send(call, { headers: [fresh], body: `for ${call.request.headers.cookie ?? 'anybody'}` }),
    '/etag': (call) =>
      call.request.headers['if-none-match'] === '"1"'
        ? send(call, {
            status: 304,
            headers: [
              ['ETag', '"1"'],
              ['X-For', call.request.headers.cookie ?? ''],
            ],
          })
        : send(call, {
            headers: [
              ['ETag', '"1"'],
              ['Cache-Control', 'max-age=0'],
            ],
            body: 'jam',
          }),
  });
}

/** An agent that sets the language, as a translating proxy might. */
class LanguageAgent extends Agent {
  addRequest(message: ClientRequest, options: object): void {
    message.setHeader('Accept-Language', 'de');
    Reflect.apply(Reflect.get(Agent.prototype, 'addRequest'), this, [message, options]);
  }
}

describe('a request that goes out with another value of a field that Vary names', () => {
  it('has a response that is not stored: nothing could tell whom it is for (RFC 9111 §4.1)', async () => {
    await using origin = await startOrigin({
      '/': (call) =>
        send(call, {
          headers: [fresh, ['Vary', 'Accept-Language, Host']],
          body: call.request.headers['accept-language'] ?? 'any',
        }),
    });
    const rig = rigOn(new MemoryManager());
    expect(await ask(rig, `${origin.url}/`, new LanguageAgent())).toEqual(['de', 'miss', 'vary']);
    expect(await ask(rig, `${origin.url}/`, new Agent())).toEqual(['any', 'miss', undefined]);
    expect(await ask(rig, `${origin.url}/`, new Agent())).toEqual(['any', 'hit', undefined]);
  });
});

describe('a request that goes out with credentials that were added below the cache', () => {
  it('has a response that is not stored, and so goes to nobody else', async () => {
    await using origin = await originThatKnows();
    const rig = rigOn(new MemoryManager());
    const url = `${origin.url}/me`;
    expect(await ask(rig, url, new JarAgent('sid=ada'))).toEqual(['for sid=ada', 'miss', 'credentials']);
    expect(await ask(rig, url, new JarAgent('sid=bob'))).toEqual(['for sid=bob', 'miss', 'credentials']);
    expect(await ask(rig, url, new JarAgent())).toEqual(['for anybody', 'miss', undefined]);
    expect(await ask(rig, url, new JarAgent())).toEqual(['for anybody', 'hit', undefined]);
  });

  it('has a response of its own, also while others ask for the same', async () => {
    await using origin = await originThatKnows();
    const rig = rigOn(new MemoryManager());
    const cookies = ['sid=ada', 'sid=bob', 'sid=eve'];
    const answers = cookies.map((cookie) => ask(rig, `${origin.url}/me`, new JarAgent(cookie)));
    expect((await Promise.all(answers)).map(([body]) => body)).toEqual(cookies.map((one) => `for ${one}`));
  });

  it('freshens nothing that others get', async () => {
    await using origin = await originThatKnows();
    const rig = rigOn(new MemoryManager());
    const url = `${origin.url}/etag`;
    await ask(rig, url, new Agent());
    expect(await ask(rig, url, new JarAgent('sid=ada'))).toEqual(['jam', 'revalidated', undefined]);
    const stored = [];
    for await (const entry of rig.cache.entries()) stored.push(entry.policy);
    expect(JSON.stringify(stored)).not.toContain('sid=ada');
    const response = await responseTo(
      rig.open(url, { headers: { 'cache-control': 'only-if-cached, max-stale' } }).end(),
    );
    await drain(response);
    expect(response.headers['x-for']).toBeUndefined();
  });

  it('may have been opened by a function of the user', async () => {
    await using origin = await originThatKnows();
    const rig = rigOn(new MemoryManager());
    const target = new URL(`${origin.url}/me`);
    const asking = async (cookie: string): Promise<string> => {
      const open = (): ClientRequest => request(target, { headers: { cookie } });
      const body = await drain(await responseTo(rig.open(target.href, {}, { open }).end()));
      await rig.cache.idle();
      return body.toString();
    };
    expect(await asking('sid=ada')).toBe('for sid=ada');
    expect(await asking('sid=bob')).toBe('for sid=bob');
  });
});
