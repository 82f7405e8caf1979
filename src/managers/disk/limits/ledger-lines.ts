import { crc32 } from 'node:zlib';
import { isGeneration } from '../format/layout.ts';
import { accountName, accountNamed, type Change } from './accounts.ts';

/*
 * A ledger is lines of ASCII, `<check> <what>\n`, where the check is the CRC-32 of `<what>` in eight hexadecimal digits:
 *
 *   h <id> <previous> <length>         the head, always the first: the name of this ledger, of the one whose place it took
 *                                      (or `-`), and how many bytes of that are summed up here
 *   a <account> <bytes> <entries>      what the account is, as a scan found it
 *   d <account> <bytes> <entries>      what came into it, or left it
 *
 * A line that does not match is passed over.
 */

const LINE = /^([0-9a-f]{8}) (.+)$/;
const CHANGE = /^([ad]) ([0-9a-z]+) (-?[0-9]{1,16}) (-?[0-9]{1,16})$/;
const HEAD = /^h (\S+) (\S+) ([0-9]{1,16})$/;

/** No line is longer; what is, is not ours. */
const LONGEST = 120;

/** What the first line of a ledger says. */
export interface LedgerHead {
  /** Name of this ledger: a generation. */
  readonly id: string;
  /** Name of the one whose place it took. */
  readonly previous: string | undefined;
  /** So many bytes of that are summed up in this one. */
  readonly length: number;
}

/** Writes the first line of a ledger. */
export function encodeHead({ id, previous = '-', length }: LedgerHead): string {
  return encodeLine(`h ${id} ${previous} ${length}`);
}

/** Writes the line of a change. */
export function encodeChange({ kind, account, bytes, entries }: Change): string {
  return encodeLine(`${kind === 'set' ? 'a' : 'd'} ${accountName(account)} ${bytes} ${entries}`);
}

/** Reads a first line; `undefined` when it is none. */
export function decodeHead(line: string): LedgerHead | undefined {
  const [, id, previous, length] = HEAD.exec(checked(line) ?? '') ?? [];
  if (!isGeneration(id)) return undefined;
  return { id, previous: isGeneration(previous) ? previous : undefined, length: Number(length) };
}

/** Reads the line of a change; `undefined` when it is torn or none. */
export function decodeChange(line: string): Change | undefined {
  const [, kind, name = '', ...numbers] = CHANGE.exec(checked(line) ?? '') ?? [];
  const account = accountNamed(name);
  const [bytes = Number.NaN, entries = Number.NaN] = numbers.map(Number);
  if (account === undefined || !Number.isSafeInteger(bytes) || !Number.isSafeInteger(entries)) {
    return undefined;
  }
  return { kind: kind === 'a' ? 'set' : 'add', account, bytes, entries };
}

function encodeLine(what: string): string {
  return `${checkOf(what)} ${what}\n`;
}

function checked(line: string): string | undefined {
  if (line.length > LONGEST) return undefined;
  const [, check, what] = LINE.exec(line) ?? [];
  return what !== undefined && checkOf(what) === check ? what : undefined;
}

function checkOf(what: string): string {
  return crc32(what).toString(16).padStart(8, '0');
}
