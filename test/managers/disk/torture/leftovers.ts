import { readFileSync } from 'node:fs';
import { decodeEntry } from '../../../../src/managers/disk/format/entry-record.ts';
import { GROUPS, Layout } from '../../../../src/managers/disk/format/layout.ts';
import { scanGroup } from '../../../../src/managers/disk/limits/group-scan.ts';
import { filesIn } from './census.ts';

const GRACE = 60 * 60_000;

/** Scans all of a store as it will be scanned when nothing in it can be under way any more. */
export async function sweep(path: string): Promise<void> {
  const layout = new Layout(path);
  const now = Date.now() + GRACE;
  // Twice: a body that goes may leave the anchor of another group alone.
  for (let group = 0; group < 2 * GROUPS; group++) await scanGroup(layout, group % GROUPS, now);
}

/** What there is beside the entries and the files that they name, and what they name and is not there. */
export function leftoversIn(path: string): { readonly surplus: string[]; readonly missing: string[] } {
  const layout = new Layout(path);
  const files = filesIn(layout.root);
  const present = new Set(files);
  const named = new Set(['CACHEDIR.TAG', 'format.json', 'secret'].map((name) => `${layout.root}/${name}`));
  const missing: string[] = [];
  for (const file of files) {
    const [, group, rest] = /\/metadata\/([0-9a-f]{2})\/([0-9a-f]{62})$/.exec(file) ?? [];
    if (group === undefined || rest === undefined) continue;
    named.add(file);
    const separate = decodeEntry(readFileSync(file))?.separate;
    if (separate === undefined) continue;
    const body = layout.body(group + rest, separate.generation);
    named.add(body);
    named.add(layout.anchor(separate.digest));
    if (!present.has(body)) missing.push(body);
  }
  return { surplus: files.filter((file) => !named.has(file)), missing };
}
