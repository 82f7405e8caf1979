import { groupName, GROUPS } from '../format/layout.ts';
import type { Usage } from './usage.ts';

/** The account of what bodies take that are not published yet, of all processes. The groups have those below it. */
export const INCOMING: number = GROUPS;

/** The account of what older formats take. */
export const OLDER: number = GROUPS + 1;

const NAMES: readonly string[] = [
  ...Array.from({ length: GROUPS }, (_, group) => groupName(group)),
  'incoming',
  'older',
];
const NUMBERS: ReadonlyMap<string, number> = new Map(NAMES.map((name, account) => [name, account]));

/** How many accounts there are. */
export const ACCOUNTS: number = NAMES.length;

/** How an account is written. */
export function accountName(account: number): string {
  return NAMES[account] ?? '';
}

/** The account of that name, if there is one. */
export function accountNamed(name: string): number | undefined {
  return NUMBERS.get(name);
}

/** A change of one account: to what a scan found, or by what came and went. */
export interface Change extends Usage {
  readonly kind: 'set' | 'add';
  readonly account: number;
}

/** What is stored, account by account. A group counts from when it is set for the first time. */
export class Accounts {
  readonly #bytes = new Float64Array(ACCOUNTS);
  readonly #entries = new Float64Array(ACCOUNTS);
  readonly #known = new Uint8Array(ACCOUNTS);
  #knownGroups = 0;
  #groups: Usage = { bytes: 0, entries: 0 };

  /** Whether the account was ever set. */
  isKnown(account: number): boolean {
    return this.#known[account] === 1;
  }

  /** Whether all groups were. */
  get allGroupsKnown(): boolean {
    return this.#knownGroups === GROUPS;
  }

  /** What an account says. */
  of(account: number): Usage {
    return { bytes: this.#bytes[account] ?? 0, entries: this.#entries[account] ?? 0 };
  }

  /** What the groups say that were set. */
  get groups(): Usage {
    return this.#groups;
  }

  /** What all groups hold: as hashes spread evenly, those that are not known are taken to hold as much as the others. */
  get estimate(): Usage {
    const factor = this.#knownGroups === 0 ? 0 : GROUPS / this.#knownGroups;
    const { bytes, entries } = this.#groups;
    return { bytes: Math.max(0, bytes * factor), entries: Math.max(0, entries * factor) };
  }

  /** Makes a change. What is added to an account that is not known is dropped: who sets it finds what is there. */
  apply({ kind, account, bytes, entries }: Change): void {
    if (kind === 'set') {
      const before = this.of(account);
      this.#add(account, { bytes: bytes - before.bytes, entries: entries - before.entries });
      if (this.isKnown(account)) return;
      this.#known[account] = 1;
      if (account < GROUPS) this.#knownGroups++;
    } else if (this.isKnown(account)) {
      this.#add(account, { bytes, entries });
    }
  }

  /** Takes over what others say. */
  copy(from: Accounts): void {
    this.#bytes.set(from.#bytes);
    this.#entries.set(from.#entries);
    this.#known.set(from.#known);
    this.#knownGroups = from.#knownGroups;
    this.#groups = from.#groups;
  }

  /** What sets other accounts to what these are. */
  *asChanges(): Generator<Change, void, undefined> {
    for (let account = 0; account < ACCOUNTS; account++) {
      if (this.isKnown(account)) yield { kind: 'set', account, ...this.of(account) };
    }
  }

  #add(account: number, { bytes, entries }: Usage): void {
    this.#bytes[account] = (this.#bytes[account] ?? 0) + bytes;
    this.#entries[account] = (this.#entries[account] ?? 0) + entries;
    if (account >= GROUPS) return;
    this.#groups = { bytes: this.#groups.bytes + bytes, entries: this.#groups.entries + entries };
  }
}
