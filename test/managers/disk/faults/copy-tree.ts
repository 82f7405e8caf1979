import { plainFs } from './watched-files.ts';

/** Copies a folder, with its hard links and times of modification. */
export function copyTree(from: string, to: string, copies: Map<number, string> = new Map()): void {
  plainFs.mkdirSync(to, { mode: 0o700 });
  for (const entry of plainFs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (entry.isDirectory()) {
      copyTree(source, target, copies);
      continue;
    }
    const stats = plainFs.statSync(source);
    const copy = copies.get(stats.ino);
    if (copy === undefined) {
      plainFs.copyFileSync(source, target);
      plainFs.utimesSync(target, stats.mtimeMs / 1_000, stats.mtimeMs / 1_000);
      copies.set(stats.ino, target);
    } else {
      plainFs.linkSync(copy, target);
    }
  }
}
