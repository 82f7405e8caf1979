import { constants, type Stats } from 'node:fs';
import { getuid } from 'node:process';
import fs from 'fs-extra';
import { asyncAccess, errorCode, isAbsent } from '../files/file-access.ts';
import type { Change } from './accounts.ts';
import { decodeChange, decodeHead, type LedgerHead } from './ledger-lines.ts';

/** No more is read of a ledger, in bytes: ours are a hundredth of it. */
const MOST_READ = 8 * 1024 * 1024;

const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const TO_APPEND = constants.O_RDWR | constants.O_APPEND | SAFELY;
const TO_READ = constants.O_RDONLY | SAFELY;

/** What opening answers to who may only read. */
const READ_ONLY: ReadonlySet<string | undefined> = new Set(['EROFS', 'EACCES', 'EPERM']);

/** A ledger that is open: changes are appended to it, and what comes is read from where it was read last. */
export class LedgerFile {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #stats: Stats;
  #head: LedgerHead | undefined;
  #length = 0;
  #torn = '';

  private constructor(path: string, descriptor: number, stats: Stats) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#stats = stats;
  }

  /**
   * Opens the ledger there and gives what it says; `absent` when there is none, `damaged` when the file has no head of ours,
   * `foreign` when it is no plain file of this user.
   */
  static async open(
    path: string,
  ): Promise<
    { readonly file: LedgerFile; readonly changes: readonly Change[] } | 'absent' | 'damaged' | 'foreign'
  > {
    const descriptor = await openDescriptor(path);
    if (typeof descriptor === 'string') return descriptor;
    let isUsable = false;
    try {
      const stats = await fs.fstat(descriptor);
      if (!stats.isFile() || (getuid !== undefined && stats.uid !== getuid())) return 'foreign';
      const file = new LedgerFile(path, descriptor, stats);
      const changes = await file.read();
      isUsable = file.#head !== undefined;
      return isUsable ? { file, changes } : 'damaged';
    } finally {
      if (!isUsable) await fs.close(descriptor);
    }
  }

  /** What its first line says. */
  get head(): LedgerHead {
    return this.#head ?? { id: '', previous: undefined, length: 0 };
  }

  /** How much of it was read. */
  get length(): number {
    return this.#length;
  }

  /** Appends lines in one write; gives how many bytes of them were taken. */
  async append(lines: string): Promise<number> {
    // Behind a torn line they would be part of it.
    const gap = this.#torn === '' ? '' : '\n';
    const { bytesWritten } = await fs.write(this.#descriptor, Buffer.from(gap + lines, 'latin1'));
    return Math.max(0, bytesWritten - gap.length);
  }

  /** Whether it still is the ledger, and no other took its place. */
  async isCurrent(): Promise<boolean> {
    const stats = await asyncAccess.stat(this.#path);
    return stats?.ino === this.#stats.ino && stats.dev === this.#stats.dev;
  }

  /** Reads what was appended since it was read last, by whomever. */
  async read(): Promise<readonly Change[]> {
    const bytes = await this.#readNew();
    const lines = (this.#torn + bytes.toString('latin1')).split('\n');
    this.#torn = (lines.pop() ?? '').slice(0, 1_000);
    const isFirst = this.#length === 0;
    this.#length += bytes.length;
    if (isFirst) this.#head = decodeHead(lines.shift() ?? '');
    return lines.map(decodeChange).filter((change) => change !== undefined);
  }

  async close(): Promise<void> {
    await fs.close(this.#descriptor);
  }

  async #readNew(): Promise<Buffer> {
    const { size } = await fs.fstat(this.#descriptor);
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(size - this.#length, MOST_READ)));
    let length = 0;
    while (length < bytes.length) {
      const position = this.#length + length;
      const { bytesRead } = await fs.read(this.#descriptor, bytes, length, bytes.length - length, position);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  }
}

async function openDescriptor(path: string): Promise<number | 'absent' | 'foreign'> {
  try {
    return await fs.open(path, TO_APPEND);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'absent';
    if (isAbsent(error)) return 'foreign';
    if (!READ_ONLY.has(errorCode(error))) throw error;
    return await fs.open(path, TO_READ);
  }
}
