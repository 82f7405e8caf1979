import { readFileSync } from 'node:fs';

/** A row of a table of requirements: what is asked for, where it is done, and what shows it. */
export interface RequirementRow {
  /** The line of the page, from 1. */
  readonly line: number;
  /** Files below `src/`. */
  readonly files: readonly string[];
  /** Test files below `test/`, and titles in them. */
  readonly tests: readonly { readonly file: string; readonly titles: readonly string[] }[];
  /** Whether it says that and why something is done otherwise. */
  readonly differs: boolean;
}

/**
 * The rows of all tables of a page that have the columns "in" and "shown by" behind two others, the first of which begins
 * with a number, or a name in code font.
 */
export function requirementRows(page: string): readonly RequirementRow[] {
  return readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((written, index) => {
      const cells = /^\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/.exec(written)?.slice(1);
      const [section = '', , where = '', shown = ''] = cells?.map((cell) => cell.trim()) ?? [];
      return /^(?:\d|`[a-z-]+`:)/.test(section) ? [rowOf(index + 1, where, shown)] : [];
    });
}

function rowOf(line: number, where: string, shown: string): RequirementRow {
  const [named = '', ...reason] = shown.split('**Differs**');
  const tests: { readonly file: string; readonly titles: string[] }[] = [];
  for (const span of spans(named)) {
    if (span.endsWith('.test.ts')) tests.push({ file: span, titles: [] });
    else tests.at(-1)?.titles.push(span);
  }
  return { line, files: spans(where), tests, differs: reason.length > 0 };
}

/** What stands in code font. */
function spans(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}
