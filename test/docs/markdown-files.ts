import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The pages at the root and in docs/, but for the generated ones, as paths from the root. */
export function markdownFiles(root: string): readonly string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .filter((file) => !file.startsWith('site/'));
  return [...readdirSync(root), ...docs].filter((file) => file.endsWith('.md'));
}
