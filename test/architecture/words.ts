import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What lives on one machine only. The pieces are put together here so that this file does not name it either. */
const forbidden = [
  ['/', 'work/'],
  ['/', 'home/'],
  ['/', 'root/'],
  ['../', 'shared'],
  ['localhost', ':4873'],
].map((pieces) => pieces.join(''));

const folders = new Set(['.ci', 'bench', 'demo', 'docs', 'scripts', 'src', 'test']);
const generated = /^docs[\\/]api[\\/]/;
const text = /\.(ts|mjs|cjs|js|json|md|sh|yml|yaml)$|(^|[\\/])(run|LICENSE|\.npmrc)$/;

/** Tells of every line of code, documentation and tests that names a place outside of the repository. */
export function wordFaults(root: string): readonly string[] {
  return textFiles(root).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        forbidden.filter((word) => line.includes(word)).map((word) => `${path}:${index + 1} names ${word}`),
      ),
  );
}

function textFiles(root: string): readonly string[] {
  const top = readdirSync(root, { withFileTypes: true });
  const files = top.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const below = top
    .filter((entry) => entry.isDirectory() && folders.has(entry.name))
    .flatMap((folder) =>
      readdirSync(join(root, folder.name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
    );
  return [...files, ...below].filter((path) => text.test(path) && !generated.test(path));
}
