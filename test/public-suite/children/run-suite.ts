import { getResults, type RawResult, runTests } from 'http-cache-tests/client/runner.mjs';
import { HttpCache } from '../../../src/http-cache.ts';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { answerParent, taskOfParent } from '../../helpers/parent-process.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import type { Combination } from '../combinations.ts';
import { fetchLike } from '../fetch-like.ts';
import { setTimeFree } from '../suite-time.ts';
import { startSuiteServer } from '../suite-server.ts';
import { testsOf } from '../suite-tests.ts';

/** What came of each test, by its id. */
export type SuiteResults = Readonly<Record<string, RawResult>>;

setTimeFree();
answerParent(await runSuite((await taskOfParent()) as Combination));

async function runSuite({ client, store, sharing }: Combination): Promise<SuiteResults> {
  await using folder = await tempDir();
  await using server = await startSuiteServer();
  const manager =
    store === 'disk' ? new StreamingManager({ path: folder.path, minFree: 0 }) : new MemoryManager();
  // How busy the machine is must not decide: a slow store is a matter of other tests.
  const options = { manager, shared: sharing === 'shared', managerTimeout: 60_000 };
  const cache = store === undefined ? undefined : new HttpCache(options);
  // Which tests apply has been decided.
  const tests = testsOf(sharing).map((test) => ({ ...test, browser_only: false, browser_skip: false }));
  await runTests([{ tests }], fetchLike(client, cache), sharing === 'private', server.url, 1);
  await cache?.close();
  return getResults();
}
