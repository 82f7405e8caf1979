import axios from 'axios';
import got from 'got';
import { installCache } from '../../../src/axios/index.ts';
import { gotCache } from '../../../src/got/index.ts';
import { HttpCache } from '../../../src/http-cache.ts';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import type { AskerAnswer, AskerTask } from '../asker-task.ts';

/** A cache, and what it reported since it was last asked. */
interface Asker {
  readonly cache: HttpCache;
  faults: string[];
}

const askers = new Map<string, Asker>();

process.on('message', (task: AskerTask) => {
  void answer(task).then((answered) => process.send?.(answered));
});

async function answer({ client, folder, urls }: AskerTask): Promise<AskerAnswer> {
  const asker = askers.get(folder) ?? makeAsker(folder);
  askers.set(folder, asker);
  const { cache } = asker;
  asker.faults = [];
  const fetch = client === 'axios' ? withAxios(cache) : withGot(cache);
  const start = performance.now();
  const bodies = await Promise.all(urls.map(fetch));
  const took = performance.now() - start;
  await cache.idle();
  return { bodies, faults: asker.faults, took };
}

function makeAsker(folder: string): Asker {
  const asker: Asker = {
    // Longer than a busy machine takes for anything.
    cache: new HttpCache({
      manager: new StreamingManager({ path: folder, minFree: 0 }),
      collapseTimeout: 20_000,
      onEvent: (event) => {
        if (event.type === 'error') asker.faults.push(event.error.message);
      },
    }),
    faults: [],
  };
  return asker;
}

function withAxios(cache: HttpCache): (url: string) => Promise<string> {
  const api = axios.create({ proxy: false, responseType: 'text' });
  installCache(api, { cache });
  return async (url) => (await api.get<string>(url)).data;
}

function withGot(cache: HttpCache): (url: string) => Promise<string> {
  const api = got.extend(gotCache({ cache }), { retry: { limit: 0 } });
  return async (url) => await api(url).text();
}
