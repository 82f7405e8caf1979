import { GROUPS } from '../format/layout.ts';

/** What entries take. */
export interface Usage {
  /** Bytes, in whole blocks. */
  readonly bytes: number;
  /** Their number. */
  readonly entries: number;
}

/** What a file takes on disk: whole blocks, as nearly every file system gives them out. */
export function blockBytes(size: number): number {
  return Math.ceil(size / 4096) * 4096;
}

/**
 * What is stored, by group. A group counts from its first scan on; as hashes spread evenly, those that were not scanned
 * yet are taken to hold as much as the others. What is about to be stored is counted apart.
 */
export class Totals {
  readonly #bytes = new Float64Array(GROUPS);
  readonly #entries = new Float64Array(GROUPS);
  readonly #scanned = new Uint8Array(GROUPS);
  #scannedGroups = 0;
  #scannedBytes = 0;
  #scannedEntries = 0;
  #heldBytes = 0;
  #heldEntries = 0;

  /** Entries in the groups that were scanned. */
  get scannedEntries(): number {
    return this.#scannedEntries;
  }

  /** All that is stored, as far as that is known. */
  stored(): Usage {
    const factor = this.#scannedGroups === 0 ? 0 : GROUPS / this.#scannedGroups;
    return { bytes: this.#scannedBytes * factor, entries: this.#scannedEntries * factor };
  }

  /** What is about to be stored. */
  held(): Usage {
    return { bytes: this.#heldBytes, entries: this.#heldEntries };
  }

  /** Counts, or no longer counts, what is about to be stored. */
  hold({ bytes, entries }: Usage, sign: 1 | -1): void {
    this.#heldBytes += sign * bytes;
    this.#heldEntries += sign * entries;
  }

  /** Counts what came into a group, or left it. */
  change(group: number, { bytes, entries }: Usage): void {
    // Before its first scan a group has no figures that could be changed; the scan will find what is there.
    if (this.#scanned[group] === 1) this.#add(group, { bytes, entries });
  }

  /** What a group holds. */
  group(group: number): Usage {
    return { bytes: this.#bytes[group] ?? 0, entries: this.#entries[group] ?? 0 };
  }

  /** Takes over what a scan found. */
  set(group: number, found: Usage): void {
    const known = this.group(group);
    this.#add(group, { bytes: found.bytes - known.bytes, entries: found.entries - known.entries });
    if (this.#scanned[group] === 1) return;
    this.#scanned[group] = 1;
    this.#scannedGroups++;
  }

  #add(group: number, { bytes, entries }: Usage): void {
    this.#bytes[group] = (this.#bytes[group] ?? 0) + bytes;
    this.#entries[group] = (this.#entries[group] ?? 0) + entries;
    this.#scannedBytes += bytes;
    this.#scannedEntries += entries;
  }
}
