import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirementFaults } from './requirement-faults.ts';
import { requirementRows } from './requirement-rows.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = 'docs/rfc9111.md';

describe('the page of requirements', () => {
  it('has rows', () => expect(requirementRows(join(root, page)).length).toBeGreaterThan(100));

  it('names files and tests that are there', () => expect(requirementFaults(root, page)).toEqual([]));

  it('lists each row that differs', () => {
    const rows = requirementRows(join(root, page)).filter(({ differs }) => differs);
    const listed = readFileSync(join(root, page), 'utf8').matchAll(/^- \*\*((?:RFC|Trap) [^*]+)\*\* /gm);
    expect([...listed].map(([, about]) => about).toSorted()).toEqual(
      rows.map(({ about }) => about).toSorted(),
    );
  });

  it('is told by line where it does not', () => {
    const tree = mkdtempSync(join(tmpdir(), 'http-larder-requirements-'));
    for (const folder of ['docs', 'src', 'test']) mkdirSync(join(tree, folder));
    writeFileSync(join(tree, 'src/a.ts'), '');
    writeFileSync(
      join(tree, 'test/a.test.ts'),
      `describe.each(rows)('group %s', () => { it('works', () => {}); it.each([1])('%s', () => {}); });
      describe('other', () => { it('works', () => {}); });`,
    );
    writeFileSync(
      join(tree, page),
      `| § | asks | in | shown by |
| --- | --- | --- | --- |
| 1 | x | \`a.ts\` | \`a.test.ts\` \`%s\` \`group %s\` \`other > works\` |
| 1 | x | – | **Differs**: \`max-age\` |
| 1 | x | \`b.ts\` | \`a.test.ts\` \`works\` \`breaks\` |
| 1 | x | \`a.ts\` | \`b.test.ts\` \`works\`; \`a.test.ts\` |
| 1 | x | \`a.ts\` | |`,
    );
    expect(requirementFaults(tree, page)).toEqual([
      `${page}:5 names src/b.ts`,
      `${page}:5 names "works", which is 2 times in test/a.test.ts`,
      `${page}:5 names "breaks", which is 0 times in test/a.test.ts`,
      `${page}:6 names test/b.test.ts`,
      `${page}:6 names no title in test/a.test.ts`,
      `${page}:7 names no file, or no test, and differs in nothing`,
    ]);
    rmSync(tree, { recursive: true });
  });
});
