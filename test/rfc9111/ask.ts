import type { CacheInfo } from '../../src/index.ts';
import type { Asked } from '../streams/clients.ts';
import type { Stage } from '../streams/stage.ts';

/** What came of a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly outcome: CacheInfo['outcome'] | undefined;
  readonly info: CacheInfo | undefined;
}

/** What of a stage a request needs. */
export type Asking = Pick<Stage, 'origin' | 'client' | 'cache'>;

/**
 * Asks for a path of the stage's origin, or for a whole URL, and waits until nothing is on its way into the store any
 * more. No status is an error.
 */
export async function ask(stage: Asking, path: string, asked?: Asked): Promise<Answer> {
  const answer = await startAsking(stage, path, asked);
  await stage.cache.idle();
  return answer;
}

/** As {@link ask}, without waiting for the store. */
export async function startAsking({ origin, client }: Asking, path: string, asked?: Asked): Promise<Answer> {
  const url = new URL(path, origin.url).href;
  const { status, headers, body, info } = await client.fetch(url, { anyStatus: true, ...asked });
  return { status, headers, body: body.toString(), outcome: info?.outcome, info };
}
