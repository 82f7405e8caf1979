import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { declaredWords } from './declared-words.ts';
import { listedWords } from './listed-words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type List = readonly [page: string, heading: string, file: string, typeName: string];

const lists: readonly List[] = [
  ['docs/what-happened.md', 'CacheInfo', 'src/engine/cache-info.ts', 'CacheInfo'],
  ['docs/what-happened.md', 'Outcomes: `CacheOutcome`', 'src/engine/cache-info.ts', 'CacheOutcome'],
  [
    'docs/what-happened.md',
    'Why a stored response answered: `ReuseReason`',
    'src/core/reuse-decision.ts',
    'ReuseReason',
  ],
  [
    'docs/what-happened.md',
    'Why the origin was asked: `ForwardReason`',
    'src/core/reuse-decision.ts',
    'ForwardReason',
  ],
  [
    'docs/what-happened.md',
    'Why the cache stood aside: `BypassReason`',
    'src/engine/cache-info.ts',
    'BypassReason',
  ],
  [
    'docs/what-happened.md',
    'Why a response is not stored: `StorageRefusal`',
    'src/core/storage-decision.ts',
    'StorageRefusal',
  ],
  ['docs/what-happened.md', 'What would happen: `Explanation`', 'src/engine/explanation.ts', 'Explanation'],
  [
    'docs/what-happened.md',
    'What would be done: `ExplainedAction`',
    'src/engine/explanation.ts',
    'ExplainedAction',
  ],
  ['docs/what-happened.md', 'Types: `CacheEventType`', 'src/engine/events.ts', 'CacheEvent'],
  ['docs/what-happened.md', 'Error codes: `HttpCacheErrorCode`', 'src/errors.ts', 'HttpCacheErrorCode'],
  ['docs/options.md', 'HttpCache', 'src/engine/options.ts', 'HttpCacheOptions'],
  ['docs/options.md', 'Modes', 'src/core/cache-mode.ts', 'CacheMode'],
  ['README.md', 'Modes', 'src/core/cache-mode.ts', 'CacheMode'],
  ['docs/options.md', 'MemoryManager', 'src/managers/memory/memory-manager.ts', 'MemoryManagerOptions'],
  ['docs/options.md', 'StreamingManager', 'src/managers/disk/disk-options.ts', 'StreamingManagerOptions'],
  ['docs/verify.md', 'Options', 'src/managers/disk/verify/verify-options.ts', 'VerifyOptions'],
  [
    'docs/verify.md',
    'Problems: `VerifyProblemKind`',
    'src/managers/disk/verify/verify-report.ts',
    'VerifyProblemKind',
  ],
  [
    'docs/verify.md',
    'The report: `VerifyReport`',
    'src/managers/disk/verify/verify-report.ts',
    'VerifyReport',
  ],
  ['docs/command-line.md', 'Freshness', 'src/cli/select/stored-entry.ts', 'Freshness'],
  ['docs/command-line.md', 'ls', 'src/cli/text/entry-json.ts', 'EntryJson'],
  ['docs/command-line.md', 'show', 'src/cli/text/entry-details.ts', 'EntryDetailsJson'],
  ['docs/command-line.md', 'stats', 'src/cli/select/stats-counter.ts', 'Stats'],
  [
    'docs/rate-limiting.md',
    'HostRateLimiter',
    'src/rate-limiter/host-rate-limiter.ts',
    'HostRateLimiterOptions',
  ],
  ['docs/options.md', 'CacacheManager', 'src/managers/cacache/cacache-manager.ts', 'CacacheManagerOptions'],
  ['docs/options.md', 'TieredManager', 'src/managers/tiered/tiered-options.ts', 'TieredManagerOptions'],
  ['docs/options.md', 'RedisManager', 'src/managers/redis/redis-options.ts', 'RedisManagerOptions'],
];

describe('the documentation', () => {
  it.each(lists)(
    'lists in %s, "%s", just the words that %s allows as %s',
    (page, heading, file, typeName) => {
      const declared = declaredWords(join(root, file), typeName);
      expect(declared.length).toBeGreaterThan(0);
      expect(listedWords(join(root, page), heading).toSorted()).toEqual([...declared].toSorted());
    },
  );

  it('names every option in README.md', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8').split('\n## Options\n')[1] ?? '';
    const [section = ''] = text.split('\n## ');
    const missing = declaredWords(join(root, 'src/engine/options.ts'), 'HttpCacheOptions').filter(
      (option) => !section.includes(`\`${option}\``),
    );
    expect(missing).toEqual([]);
  });
});
