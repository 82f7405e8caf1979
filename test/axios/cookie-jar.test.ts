import axios from 'axios';
import { expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { JarAgent } from '../helpers/jar-agent.ts';
import { startOrigin } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';

it('stands aside where the cookies are brought by a jar that it cannot see into', async () => {
  await using origin = await startOrigin({
    '/': (call) => send(call, { headers: [fresh], body: call.request.headers.cookie ?? 'nobody' }),
  });
  const api = axios.create({ proxy: false });
  const { cache } = installCache(api);
  const jar = { cookie: '' };
  api.interceptors.request.use((config) => Object.assign(config, { httpAgent: new JarAgent(jar) }));
  const ask = async (): Promise<readonly unknown[]> => {
    const { data, httpCache } = await api.get(origin.url, Object.assign({ timeout: 5000 }, { jar }));
    await cache.idle();
    return [data, httpCache?.outcome, httpCache?.reason];
  };
  expect(await ask()).toEqual(['nobody', 'bypass', 'seam']);
  jar.cookie = 'sid=ada';
  expect(await ask()).toEqual(['sid=ada', 'bypass', 'seam']);
});
