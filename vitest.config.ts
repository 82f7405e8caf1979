import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/helpers/longest-first.ts';

/**
 * The tests that have a process to themselves: they change what there is one of in a process (functions of node:fs,
 * environment variables, clocks), measure the process (its memory, its open files, its speed), or mostly start others.
 */
const alone = [
  'test/*.test.ts',
  'test/{bench,cli,demo,differential,docs,package,public-suite,redis,scripts}/**/*.test.ts',
  'test/managers/disk/**/*.test.ts',
  'test/managers/evictions.test.ts',
  'test/axios/plain-hits.test.ts',
  'test/core/linear-time.test.ts',
  'test/security/exhaustion.test.ts',
  'test/streams/**/*.test.ts',
];

export default defineConfig({
  test: {
    // One worker less than cores, the default, leaves half of two cores idle.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Those that are marked to run at the same time wait for seconds, and hardly work.
    maxConcurrency: 40,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...alone],
          // What takes longest of most tests is to import the clients and the sources anew.
          isolate: false,
          setupFiles: ['test/helpers/no-traces.ts'],
        },
      },
    ],
  },
});
