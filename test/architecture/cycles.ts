import type { SourceModule } from './source-tree.ts';

/** Tells of modules that import themselves by way of others, types included. */
export function cycleFaults(modules: readonly SourceModule[]): readonly string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const faults: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) faults.push(`cycle: ${[...trail.slice(seenAt), path].join(' -> ')}`);
    if (seenAt >= 0 || done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target !== undefined) walk(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of modules) walk(path, []);
  return faults;
}
