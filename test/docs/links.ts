import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownFiles } from './markdown-files.ts';

/** Tells of every relative link of the Markdown pages whose file, or whose heading in it, is not there. */
export function linkFaults(root: string): readonly string[] {
  return markdownFiles(root).flatMap((page) =>
    relativeLinks(readFileSync(join(root, page), 'utf8'))
      .filter(({ target }) => !leadsSomewhere(root, page, target))
      .map(({ line, target }) => `${page}:${line} links to ${target}`),
  );
}

function relativeLinks(text: string): readonly { readonly line: number; readonly target: string }[] {
  return text
    .split('\n')
    .flatMap((written, index) =>
      [...written.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({ line: index + 1, target: match[1] ?? '' })),
    )
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(root: string, page: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file)) return false;
  return heading === undefined || headings(readFileSync(file, 'utf8')).has(heading);
}

/** The anchors of a page's headings, as GitHub makes them. */
function headings(text: string): ReadonlySet<string> {
  const titles = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
