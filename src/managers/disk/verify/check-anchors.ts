import { asyncAccess } from '../files/file-access.ts';
import { groupName, GROUPS, isDigest } from '../format/layout.ts';
import { checkFolder } from './check-folder.ts';
import { checkLoneAnchor, plainFile, unlinked } from './check-leftovers.ts';
import { bodyDigest } from './body-digest.ts';
import type { Verification } from './verification.ts';

/** Looks at all anchors: each must have a body, and the content that its name says. */
export async function checkAnchors(run: Verification): Promise<void> {
  const { content } = run.parts.layout;
  for (let group = 0; group < GROUPS; group++) {
    const folder = groupName(group);
    const digests: string[] = [];
    for (const name of await checkFolder(run, `${content}/${folder}`)) {
      if (isDigest(folder + name)) digests.push(folder + name);
      else run.foreign();
    }
    await run.each(digests, async (digest) => {
      const path = run.parts.layout.anchor(digest);
      await run.look(path, async () => await checkAnchor(run, digest, path));
    });
  }
}

async function checkAnchor(run: Verification, digest: string, path: string): Promise<void> {
  const stats = await plainFile(run, path);
  if (stats === undefined) return;
  if (stats.nlink === 1) {
    await checkLoneAnchor(run, path);
    return;
  }
  if ((await bodyDigest(run, path, stats)) === digest) return;
  // Its bodies stay: who has the wrong one finds out by its own digest.
  const stands = async (): Promise<boolean> => {
    const now = await asyncAccess.stat(path);
    return now?.ino === stats.ino && now.dev === stats.dev;
  };
  const mend = async (): Promise<boolean> => (await stands()) && (await unlinked(path));
  await run.found({ kind: 'damaged-anchor', path }, { stands, mend });
}
