import { assertNever } from '../core/assert-never.ts';
import type { CacheManager } from '../managers/manager.ts';
import { aliasingChecks } from './conformance/aliasing-checks.ts';
import { capabilityChecks } from './conformance/capability-checks.ts';
import {
  isFollowable,
  isStreaming,
  type Check,
  type ConformanceLimits,
} from './conformance/conformance-case.ts';
import { followingChecks } from './conformance/following-checks.ts';
import { leaseChecks } from './conformance/lease-checks.ts';
import { limitChecks } from './conformance/limit-checks.ts';
import { roundTripChecks } from './conformance/round-trip-checks.ts';
import { streamingChecks } from './conformance/streaming-checks.ts';
import { writerChecks } from './conformance/writer-checks.ts';

/** What the maker of a manager is told for one case. */
export interface ConformanceContext {
  /** Limits to make the manager with; empty but for the cases that are about limits. */
  readonly limits: ConformanceLimits;
  /** Takes what is to be done when the case has ended, say to remove a folder. The kit closes the manager itself. */
  readonly onEnd: (cleanUp: () => void | Promise<void>) => void;
}

/** What the kit should know about a manager. */
export interface ConformanceOptions {
  /**
   * The limits that its maker passes on; each is tested.
   * @defaultValue none
   */
  readonly limits?: readonly (keyof ConformanceLimits)[];
  /**
   * After how many milliseconds a case that does not settle has failed.
   * @defaultValue 10 000
   */
  readonly timeoutMs?: number;
}

/** One thing that a manager must do. */
export interface ConformanceCase {
  /** What it does, in a sentence without its subject. */
  readonly name: string;
  /**
   * Makes a manager and tries. Rejects with what is wrong. Fulfils with `absent` when the manager does not have what the
   * case is about, such as streams or `entries()`.
   */
  run(): Promise<'passed' | 'absent'>;
}

/** The two functions of a test runner that {@link registerConformance} uses. */
export interface ConformanceRunner {
  /** Groups tests. */
  readonly describe: (title: string, body: () => void) => unknown;
  /** Registers a test. */
  readonly it: (title: string, run: () => Promise<void>) => unknown;
}

/**
 * All that a cache manager must do, as cases that any test runner can run. Each makes a manager of its own, which must be
 * empty.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { MemoryManager } from 'http-larder/memory';
 * import { managerConformance, registerConformance } from 'http-larder/testing';
 *
 * const cases = managerConformance(({ limits }) => new MemoryManager(limits), {
 *   limits: ['maxSize', 'maxEntries', 'maxEntrySize'],
 * });
 * registerConformance({ describe, it }, 'MemoryManager', cases);
 * ```
 */
export function managerConformance(
  makeManager: (context: ConformanceContext) => CacheManager | Promise<CacheManager>,
  options: ConformanceOptions = {},
): readonly ConformanceCase[] {
  const { limits = [], timeoutMs = 10_000 } = options;
  const passesOn = (check: Check): boolean =>
    check.kind !== 'limit' ||
    Object.keys(check.limits).every((name) => limits.some((limit) => limit === name));
  return ALL_CHECKS.filter(passesOn).map((check) => ({
    name: check.name,
    run: async () => await withTimeout(runCheck(check, makeManager), timeoutMs),
  }));
}

/** Registers the cases as tests of a runner: `registerConformance({ describe, it }, 'MyManager', cases)`. */
export function registerConformance(
  { describe, it }: ConformanceRunner,
  title: string,
  cases: readonly ConformanceCase[],
): void {
  describe(title, () => {
    for (const each of cases) {
      it(each.name, async () => {
        await each.run();
      });
    }
  });
}

const ALL_CHECKS: readonly Check[] = [
  ...roundTripChecks,
  ...aliasingChecks,
  ...streamingChecks,
  ...writerChecks,
  ...followingChecks,
  ...capabilityChecks,
  ...leaseChecks,
  ...limitChecks,
];

async function runCheck(
  check: Check,
  makeManager: (context: ConformanceContext) => CacheManager | Promise<CacheManager>,
): Promise<'passed' | 'absent'> {
  const cleanUps: (() => void | Promise<void>)[] = [];
  try {
    const manager = await makeManager({
      limits: check.kind === 'limit' ? check.limits : {},
      onEnd: (cleanUp) => cleanUps.unshift(cleanUp),
    });
    cleanUps.unshift(async () => await manager.close?.());
    return await perform(check, manager);
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

async function perform(check: Check, manager: CacheManager): Promise<'passed' | 'absent'> {
  switch (check.kind) {
    case 'buffered':
      await check.check(manager);
      return 'passed';
    case 'limit':
      if (check.streams && !isStreaming(manager)) return 'absent';
      await check.check(manager);
      return 'passed';
    case 'streaming':
      if (!isStreaming(manager)) return 'absent';
      await check.check(manager);
      return 'passed';
    case 'following':
      if (!isFollowable(manager)) return 'absent';
      await check.check(manager);
      return 'passed';
    case 'capability':
      if (manager[check.needs] === undefined) return 'absent';
      await check.check(manager);
      return 'passed';
    default:
      return assertNever(check);
  }
}

async function withTimeout<T>(run: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The manager did not settle within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}
