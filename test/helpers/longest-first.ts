import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes ten seconds and more, the longest first: begun last, one of them would run on while the other cores idle. */
const long = [
  'managers/disk/faults/faults',
  'public-suite/public-suite',
  'differential/got',
  'docs/code-blocks',
  'managers/disk/torture/torture',
  'package/types',
  'differential/axios',
  'demo/demo',
  'limits/timeouts',
  'differential/axios-used',
  'package/entries',
  'package/exits',
  'streams/memory',
  'redis/cluster',
  'axios/alike/short-way',
  'managers/conformance',
  'collapsing/faults',
  'managers/following',
];

/** Orders the files so that the workers end at about the same time, and in the same way each time. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byName = files.toSorted((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
    return Promise.resolve(byName.toSorted((one, other) => rank(one) - rank(other)));
  }
}

/** Those that share a process come last and together: what comes between would end their process. */
function rank({ moduleId, project }: TestSpecification): number {
  const place = long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return (project.config.isolate ? 0 : long.length + 1) + (place === -1 ? long.length : place);
}
