import { readdirSync, readlinkSync } from 'node:fs';

/** What this process has open; nothing where the system does not tell. */
export function openFiles(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      // The one that lists the folder is closed by now.
      return [];
    }
  });
}
