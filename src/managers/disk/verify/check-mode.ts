import { constants, type Stats } from 'node:fs';
import { platform } from 'node:process';
import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import type { Verification } from './verification.ts';

// A planted link must not lead elsewhere, and a planted FIFO must not make the open wait for a writer.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Looks at the permissions of a file or folder of ours: 0600 or 0700. Where others are trusted with the folder, they may
 * have been given theirs on purpose.
 */
export async function checkMode(run: Verification, path: string, stats: Stats): Promise<void> {
  const wanted = stats.isDirectory() ? 0o700 : 0o600;
  const hasWanted = ({ mode }: Stats): boolean => (mode & 0o777) === wanted;
  if (platform === 'win32' || run.parts.options.trustDirectory || hasWanted(stats)) return;
  await run.found(
    { kind: 'wrong-mode', path },
    {
      stands: async () => isWrong(await asyncAccess.stat(path)),
      async mend() {
        const descriptor = await fs.open(path, FLAGS).catch(absentAsUndefined);
        if (descriptor === undefined) return false;
        try {
          if (!isWrong(await fs.fstat(descriptor))) return false;
          await fs.fchmod(descriptor, wanted);
          return true;
        } finally {
          await fs.close(descriptor);
        }
      },
    },
  );

  function isWrong(now: Stats | undefined): boolean {
    return now?.ino === stats.ino && now.dev === stats.dev && !hasWanted(now);
  }
}
