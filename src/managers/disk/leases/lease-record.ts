import { randomBytes } from 'node:crypto';

/** A lease is taken for no longer than this, in milliseconds: what says otherwise was written by another clock. */
const LONGEST = 5 * 60_000;

/** What the file of a lease says. */
export interface LeaseRecord {
  /** A random name for who took it. */
  readonly holder: string;
  /** What it is on: the hash of a key. A file that has another name by now, or one more, is no lease there. */
  readonly name: string;
  /** When it ends, in milliseconds since 1970. */
  readonly until: number;
  /** Whether everybody may have one until then. */
  readonly isOpen: boolean;
}

const RECORD = /^([0-9a-f]{32}) ([0-9a-f]{64}) (held|open) ([0-9]{15})\n$/;

/** A name for a holder that no other has. */
export function newHolder(): string {
  return randomBytes(16).toString('hex');
}

/** The text of a lease's file: always of one length, so that it is written over in place. */
export function encodeLease({ holder, name, until, isOpen }: LeaseRecord): string {
  const time = Math.max(0, Math.round(until)).toString().padStart(15, '0');
  return `${holder} ${name} ${isOpen ? 'open' : 'held'} ${time}\n`;
}

/** What the file of a lease says; `undefined` for what says nothing, such as one that is being written. */
export function decodeLease(text: string): LeaseRecord | undefined {
  const match = RECORD.exec(text);
  if (match === null) return undefined;
  const [, holder = '', name = '', kind, until] = match;
  return { holder, name, until: Number(until), isOpen: kind === 'open' };
}

/** Whether a lease still lasts. */
export function lasts({ until }: Pick<LeaseRecord, 'until'>, now: number): boolean {
  return now < until && until - now <= LONGEST;
}
