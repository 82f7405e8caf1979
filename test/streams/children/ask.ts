import { HttpCache } from '../../../src/http-cache.ts';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { type Asked, clientRows } from '../clients.ts';
import { answerTasks } from '../../helpers/parent-process.ts';

/** One request, through a cache of its own on a folder that others use too. */
export interface AskTask {
  readonly client: string;
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly url: string;
  readonly method?: NonNullable<Asked['method']>;
}

/** What came of it. */
export interface AskReport {
  readonly body: string;
  readonly outcome: string | undefined;
}

answerTasks(async (task): Promise<AskReport> => {
  const { client, folder, now, url, method = 'GET' } = task as AskTask;
  const row = clientRows.find((one) => one.client === client);
  if (row === undefined) throw new Error(`There is no client ${client}.`);
  const cache = new HttpCache({
    manager: new StreamingManager({ path: folder, minFree: 0 }),
    clock: new SettableClock(now),
  });
  const { body, info } = await row.connect(cache).fetch(url, { method });
  await cache.close();
  return { body: body.toString(), outcome: info?.outcome };
});
