import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownFiles } from './markdown-files.ts';

/** A fenced block of TypeScript in the documentation. */
export interface CodeBlock {
  /** The file that it stands in, from the root of the repository. */
  readonly file: string;
  /** The line of its opening fence, from 1. */
  readonly line: number;
  readonly code: string;
  /** Whether its info string is `ts run`: then it is not only compiled but run. */
  readonly run: boolean;
}

/** Finds the blocks in README.md, in docs/ and in the comments of src/. */
export function codeBlocks(root: string): readonly CodeBlock[] {
  const files = [...markdownFiles(root), ...sourceFiles(root)];
  return files.flatMap((file) => blocksOf(file, readFileSync(join(root, file), 'utf8')));
}

function sourceFiles(root: string): readonly string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file.replaceAll('\\', '/')}`);
}

function blocksOf(file: string, text: string): readonly CodeBlock[] {
  // In a comment of the code, each line stands behind an asterisk.
  const margin = file.endsWith('.ts') ? /^\s*\* ?/ : /^/;
  const blocks: CodeBlock[] = [];
  let open: { readonly line: number; readonly run: boolean; readonly lines: string[] } | undefined;
  for (const [index, written] of text.split('\n').entries()) {
    const inMargin = margin.exec(written);
    const line = inMargin === null ? '' : written.slice(inMargin[0].length);
    if (open !== undefined && /^\s*```\s*$/.test(line)) {
      blocks.push({ file, line: open.line, code: open.lines.join('\n'), run: open.run });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line);
    } else if (inMargin !== null) {
      const fence = /^\s*```(?:ts|typescript)( run)?\s*$/.exec(line);
      if (fence !== null) open = { line: index + 1, run: fence[1] !== undefined, lines: [] };
    }
  }
  return blocks;
}
