import { readFileSync } from 'node:fs';

/** A row of a table of requirements: what is asked for, where it is done, and what shows it. */
export interface RequirementRow {
  /** The line of the page, from 1. */
  readonly line: number;
  /** What it is about: the RFC, as the last heading has it, and the section. */
  readonly about: string;
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
  let document = '';
  return readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((written, index) => {
      if (written.startsWith('##')) document = documentOf(written);
      const cells = /^\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/.exec(written)?.slice(1);
      const [section = '', , where = '', shown = ''] = cells?.map((cell) => cell.trim()) ?? [];
      return /^(?:\d|`[a-z-]+`:)/.test(section)
        ? [rowOf({ line: index + 1, about: `${document}${section}` }, where, shown)]
        : [];
    });
}

/** What the rows under a heading are numbered by. */
function documentOf(heading: string): string {
  if (heading === '### Traps') return 'Trap ';
  const [rfc = 'RFC 9111'] = /RFC \d+/.exec(heading) ?? [];
  return `${rfc} §`;
}

function rowOf(place: Pick<RequirementRow, 'line' | 'about'>, where: string, shown: string): RequirementRow {
  const [named = '', ...reason] = shown.split('**Differs**');
  const tests: { readonly file: string; readonly titles: string[] }[] = [];
  for (const span of spans(named)) {
    if (span.endsWith('.test.ts')) tests.push({ file: span, titles: [] });
    else tests.at(-1)?.titles.push(span);
  }
  return { ...place, files: spans(where), tests, differs: reason.length > 0 };
}

/** What stands in code font. */
function spans(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}
