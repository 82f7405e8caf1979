import { expect } from 'vitest';
import type { HttpCache } from '../../src/http-cache.ts';
import { cacheRows, type CacheRow } from '../differential/cache-rows.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import type { Site } from './site.ts';

/** What an example has at hand, beside its client. */
export interface Scene {
  /** Whom it asks. */
  readonly site: Site;
  /** A folder for what it downloads. */
  readonly folder: string;
}

/** Something that a client's documentation shows how to do. */
export interface Example<Client> {
  readonly name: string;
  /** Does it. */
  readonly run: (scene: Scene & Client) => Promise<unknown>;
  /** What the documentation says comes of it. */
  readonly gives: unknown;
  /** How many requests reach the site; `either` where a timeout may come before the request does. Default: 1. */
  readonly asks?: number | 'either';
  /** How many of them do with a cache. Default: as many. */
  readonly asksAtFirst?: number;
  /** How many still do when it is done again with a cache. Default: none. */
  readonly asksAgain?: number;
}

/** No cache, to see that it is as documented at all; one in memory, and one on the disk. */
export const exampleRows: readonly CacheRow[] = cacheRows.filter(
  ({ name }) => !name.includes('asynchronously'),
);

/** Does what an example shows, twice, and compares what comes of it with what is documented. */
export async function runExample<Client>(
  example: Example<Client>,
  client: Client,
  site: Site,
  cache: HttpCache | undefined,
): Promise<void> {
  const { asks = 1, asksAtFirst, asksAgain = 0 } = example;
  await using folder = await tempDir();
  for (const time of ['first', 'second'] as const) {
    site.reset();
    expect(await example.run({ ...client, site, folder: folder.path }), `the ${time} time`).toEqual(
      example.gives,
    );
    await cache?.idle();
    if (asks === 'either') continue;
    const withCache = time === 'first' ? (asksAtFirst ?? asks) : asksAgain;
    expect(site.asked(), `requests the ${time} time`).toHaveLength(cache === undefined ? asks : withCache);
  }
}
