import { groupName, GROUPS } from '../format/layout.ts';
import type { StoreParts } from '../store-parts.ts';
import { checkAnchors } from './check-anchors.ts';
import { checkFolder } from './check-folder.ts';
import { checkGroup } from './check-group.ts';
import { checkRoot } from './check-root.ts';
import { Verification } from './verification.ts';
import type { ResolvedVerifyOptions } from './verify-options.ts';
import type { VerifyReport } from './verify-report.ts';

/**
 * Reads all that a store holds and mends what is wrong with it, while this process and others go on. What is to be dropped
 * is looked at again as it goes; what could still be under way, because it was made or written to within ten minutes, is
 * no problem yet.
 *
 * Groups come one after the other, with several of their entries at once, and then the anchors: so it takes the memory of
 * one group's names, of a few entries with a chunk of their bodies each, and of what is known of shared bodies.
 */
export async function verifyStore(
  parts: StoreParts,
  options: ResolvedVerifyOptions,
  closing: AbortSignal,
): Promise<VerifyReport> {
  const run = new Verification(parts, options, closing);
  run.mustGoOn();
  await checkRoot(run);
  const groups = new Set(Array.from({ length: GROUPS }, (_, group) => groupName(group)));
  for (const folder of [parts.layout.metadata, parts.layout.content]) {
    for (const name of await checkFolder(run, folder)) if (!groups.has(name)) run.foreign();
  }
  for (let group = 0; group < GROUPS; group++) {
    await checkGroup(run, group);
    run.groupDone();
  }
  await checkAnchors(run);
  if (run.mend) await parts.evictor.recount();
  return run.report();
}
