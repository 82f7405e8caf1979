import type { Line } from './journal.ts';

/** A change that was made, and when. */
interface Change {
  /** What readers see from then on; empty for nothing. */
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** What the journals say was done. */
interface Deeds {
  /** When each response was there at the latest; infinity where that is open. */
  readonly stored: ReadonlyMap<string, number>;
  readonly dropped: ReadonlySet<string>;
  /** The changes of each key; under `null` those of all keys. */
  readonly changes: ReadonlyMap<string | null, readonly Change[]>;
}

/**
 * Looks whether what processes saw fits what they did:
 *
 * - Nobody sees what was dropped, or what nobody stored.
 * - Nobody sees a response when another change of its key, which began after the response was there, was done before the
 *   look-up began.
 * - No revision is replaced by two updates, and all have one secret.
 */
export function faultsIn(journals: readonly (readonly Line[])[]): string[] {
  const lines = journals.flat();
  const deeds = gather(lines);
  const faults: string[] = [];
  const replaced = new Set<string>();
  const secrets = new Set<string>();
  const latestOf = new Map<string, (time: number) => Change | undefined>();
  for (const line of lines) {
    if (line[0] === 'fault') faults.push(line[1]);
    else if (line[0] === 'secret') secrets.add(line[1]);
    else if (line[0] === 'updated') {
      if (replaced.has(line[2])) faults.push(`Two updates replaced one revision of ${line[1]}`);
      replaced.add(line[2]);
    } else if (line[0] === 'seen') {
      const [, key, name, begin] = line;
      const latest = latestOf.get(key) ?? latestBegun(changesOf(deeds, key));
      latestOf.set(key, latest);
      const last = latest(begin);
      const there = deeds.stored.get(name);
      if (deeds.dropped.has(name)) faults.push(`Seen though it was dropped: ${name}`);
      else if (there === undefined) faults.push(`Seen though nobody stored it: ${name}`);
      else if (last !== undefined && last.begin > there) {
        faults.push(
          `Seen at ${begin} though it was of ${there} and then came ${JSON.stringify(last)}: ${name}`,
        );
      }
    }
  }
  if (secrets.size > 1) faults.push(`There are ${secrets.size} secrets`);
  return faults;
}

function gather(lines: readonly Line[]): Deeds {
  const stored = new Map<string, number>();
  const dropped = new Set<string>();
  const changes = new Map<string | null, Change[]>();
  for (const line of lines) {
    if (line[0] === 'dropped') dropped.add(line[1]);
    // Until its end is known it may have been made at any time.
    else if (line[0] === 'begun') stored.set(line[1], stored.get(line[1]) ?? Number.POSITIVE_INFINITY);
    else if (line[0] === 'changed') {
      const [, key, name, begin, end] = line;
      if (name !== '') stored.set(name, end);
      const known = changes.get(key);
      if (known === undefined) changes.set(key, [{ name, begin, end }]);
      else known.push({ name, begin, end });
    }
  }
  return { stored, dropped, changes };
}

function changesOf({ changes }: Deeds, key: string): Change[] {
  return [...(changes.get(key) ?? []), ...(changes.get(null) ?? [])];
}

/** Tells of a time which change, of those that were done before it, began last. */
function latestBegun(changes: readonly Change[]): (time: number) => Change | undefined {
  const byEnd = changes.toSorted((a, b) => a.end - b.end);
  let latest: Change | undefined;
  const latestUpTo = byEnd.map((change) => {
    if (latest === undefined || change.begin > latest.begin) latest = change;
    return latest;
  });
  return (time) => {
    let low = 0;
    for (let high = byEnd.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((byEnd[middle]?.end ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return latestUpTo[low - 1];
  };
}
