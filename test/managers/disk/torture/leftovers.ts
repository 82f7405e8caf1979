import { readFileSync } from 'node:fs';
import { decodeEntry } from '../../../../src/managers/disk/format/entry-record.ts';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import type { VerifyProblemKind } from '../../../../src/managers/disk/verify/verify-report.ts';
import { filesIn } from './census.ts';

/** What killed processes may leave behind. All else that a verification can find is a fault of the store. */
export const LEFT_BEHIND: ReadonlySet<VerifyProblemKind> = new Set([
  'unnamed-body',
  'lone-anchor',
  'abandoned-file',
  'abandoned-trash',
] as const);

/** What there is beside the entries and the files that they name, and what they name and is not there. */
export function leftoversIn(path: string): { readonly surplus: string[]; readonly missing: string[] } {
  const layout = new Layout(path);
  const files = filesIn(layout.root);
  const present = new Set(files);
  const own = ['CACHEDIR.TAG', 'format.json', 'secret', 'ledger'];
  const named = new Set(own.map((name) => `${layout.root}/${name}`));
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
