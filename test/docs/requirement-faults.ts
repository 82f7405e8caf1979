import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requirementRows, type RequirementRow } from './requirement-rows.ts';
import { testTitles } from './test-titles.ts';

/** Tells of every row of a page of requirements that names what is not there, or nothing that shows it. */
export function requirementFaults(root: string, page: string): readonly string[] {
  const known = new Map<string, readonly string[]>();
  const titlesOf = (file: string): readonly string[] => {
    const titles = known.get(file) ?? testTitles(join(root, 'test', file));
    known.set(file, titles);
    return titles;
  };
  const titleFaults = (file: string, titles: readonly string[]): readonly string[] => {
    if (!existsSync(join(root, 'test', file))) return [`names test/${file}`];
    if (titles.length === 0) return [`names no title in test/${file}`];
    return titles.flatMap((title) => {
      const count = titlesOf(file).filter((one) => one === title).length;
      return count === 1 ? [] : [`names "${title}", which is ${count} times in test/${file}`];
    });
  };
  const faultsOf = ({ files, tests, differs }: RequirementRow): readonly string[] => [
    ...(differs || (files.length > 0 && tests.length > 0)
      ? []
      : ['names no file, or no test, and differs in nothing']),
    ...files.filter((file) => !existsSync(join(root, 'src', file))).map((file) => `names src/${file}`),
    ...tests.flatMap(({ file, titles }) => titleFaults(file, titles)),
  ];
  return requirementRows(join(root, page)).flatMap((row) =>
    faultsOf(row).map((fault) => `${page}:${row.line} ${fault}`),
  );
}
