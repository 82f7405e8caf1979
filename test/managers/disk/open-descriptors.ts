import { readdirSync, readlinkSync } from 'node:fs';

/** How many descriptors this process has open, beside those of ledgers, which managers keep; Linux only. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').filter((descriptor) => !isLedger(descriptor)).length;
}

function isLedger(descriptor: string): boolean {
  try {
    return /\/ledger(?: \(deleted\))?$/.test(readlinkSync(`/proc/self/fd/${descriptor}`));
  } catch {
    // The one that lists them is gone by now.
    return false;
  }
}
