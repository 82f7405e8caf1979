import { groupName, parseFileName } from '../format/layout.ts';
import { checkEntry } from './check-entry.ts';
import { checkFolder } from './check-folder.ts';
import { checkUnnamed, checkUnpublished } from './check-leftovers.ts';
import type { Verification } from './verification.ts';

/** The files of one key, by their names. */
interface KeyFiles {
  readonly keyHash: string;
  /** Generations of bodies. */
  readonly bodies: string[];
  /** Generations of files that are not published. */
  readonly unpublished: string[];
}

/** Looks at all entries of a group, at their bodies, and at what else is there. */
export async function checkGroup(run: Verification, group: number): Promise<void> {
  const folder = groupName(group);
  const keys = new Map<string, KeyFiles>();
  for (const name of await checkFolder(run, `${run.parts.layout.metadata}/${folder}`)) {
    const file = parseFileName(name);
    if (file === undefined) {
      run.foreign();
      continue;
    }
    const keyHash = folder + file.rest;
    const files = keys.get(keyHash) ?? { keyHash, bodies: [], unpublished: [] };
    keys.set(keyHash, files);
    if (file.kind === 'body') files.bodies.push(file.generation);
    if (file.kind === 'temporary') files.unpublished.push(file.generation);
  }
  await run.each([...keys.values()], async (files) => await checkKey(run, files));
}

async function checkKey(run: Verification, { keyHash, bodies, unpublished }: KeyFiles): Promise<void> {
  const { layout } = run.parts;
  const entry = layout.entry(keyHash);
  await run.look(entry, async () => await checkEntry(run, keyHash));
  for (const generation of bodies) {
    const path = layout.body(keyHash, generation);
    await run.look(path, async () => await checkUnnamed(run, { keyHash, generation, path }));
  }
  for (const generation of unpublished) {
    const path = layout.temporary(keyHash, generation);
    await run.look(path, async () => await checkUnpublished(run, path, generation));
  }
}
