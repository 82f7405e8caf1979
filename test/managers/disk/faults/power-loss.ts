import { dirname } from 'node:path';
import { plainFs } from './watched-files.ts';

/** The least that disks write at once, in bytes. */
const SECTOR = 512;

/** What may be on the disk of bytes that were written and not synced, from all of them on. */
const LEFT: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => bytes,
  (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
  (bytes) => bytes.subarray(0, -1),
  (bytes) => zeroed(bytes, Math.floor(Math.max(0, bytes.length - 1) / SECTOR) * SECTOR),
  (bytes) => zeroed(bytes, Math.floor(bytes.length / 2)),
  (bytes) => zeroed(bytes, 0),
  () => Buffer.alloc(0),
];

function zeroed(bytes: Buffer, start: number): Buffer {
  return Buffer.from(bytes).fill(0, start);
}

/** The files in a folder. */
interface Tree {
  /** What number a file has, by its name. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Its bytes, by its number. */
  readonly bytes: ReadonlyMap<number, Buffer>;
}

function readTree(path: string): Tree {
  const numbers = new Map<string, number>();
  const bytes = new Map<number, Buffer>();
  if (!plainFs.existsSync(path)) return { numbers, bytes };
  for (const entry of plainFs.readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = `${entry.parentPath}/${entry.name}`;
    const { ino } = plainFs.statSync(file);
    numbers.set(file.slice(path.length + 1), ino);
    if (!bytes.has(ino)) bytes.set(ino, plainFs.readFileSync(file));
  }
  return { numbers, bytes };
}

function bytesAt({ numbers, bytes }: Tree, name: string): Buffer | undefined {
  return bytes.get(numbers.get(name) ?? -1);
}

function areEqual(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

/**
 * The ways in which a loss of power can leave a folder in which an operation changed files and synced none. Of each file that
 * it wrote any part of the bytes may be lost. Each name that it made, moved or removed may be as it was before.
 */
export class PowerLoss {
  /** How many ways there are. */
  readonly ways: number;
  readonly #path: string;
  readonly #before: Tree;
  readonly #after: Tree;
  /** Files that were written, by their numbers. */
  readonly #written: readonly number[];
  /** Names that stand for something else than before. */
  readonly #changed: readonly string[];

  /** Compares a folder with what it was before. */
  constructor(before: string, path: string) {
    this.#path = path;
    this.#before = readTree(before);
    this.#after = readTree(path);
    const names = new Set([...this.#before.numbers.keys(), ...this.#after.numbers.keys()]);
    this.#changed = [...names]
      .filter((name) => !areEqual(bytesAt(this.#before, name), bytesAt(this.#after, name)))
      .toSorted();
    const synced = [...this.#before.bytes.values()];
    this.#written = [...this.#after.bytes]
      .filter(([, bytes]) => !synced.some((one) => one.equals(bytes)))
      .map(([number]) => number)
      .toSorted((a, b) => a - b);
    this.ways = LEFT.length ** this.#written.length * 2 ** this.#changed.length;
  }

  /**
   * Leaves the folder in one of the ways. The first are those in which the same becomes of all that was written; so many
   * others follow, spread evenly.
   */
  leave(way: number): void {
    const choose = this.#chooser(way);
    for (const number of this.#written) this.#lose(number, choose(LEFT.length));
    for (const name of this.#changed) if (choose(2) === 1) this.#undo(name);
  }

  #chooser(way: number): (choices: number) => number {
    if (way < LEFT.length) return (choices) => (choices === 2 ? 0 : way);
    // Multiples of the golden ratio, cut down to their fractions, spread evenly however many there are.
    let rest = Math.floor(((way * 0.618_033_988_749_895) % 1) * this.ways);
    return (choices) => {
      const choice = rest % choices;
      rest = Math.floor(rest / choices);
      return choice;
    };
  }

  #lose(number: number, choice: number): void {
    const [name] = [...this.#after.numbers].find(([, other]) => other === number) ?? [];
    const bytes = this.#after.bytes.get(number);
    if (name === undefined || bytes === undefined) return;
    plainFs.writeFileSync(`${this.#path}/${name}`, LEFT[choice]?.(bytes) ?? bytes);
  }

  #undo(name: string): void {
    const path = `${this.#path}/${name}`;
    plainFs.rmSync(path, { force: true });
    const bytes = bytesAt(this.#before, name);
    if (bytes === undefined) return;
    plainFs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const twin = this.#twinOf(name, bytes);
    if (twin === undefined) plainFs.writeFileSync(path, bytes, { mode: 0o600 });
    else plainFs.linkSync(twin, path);
  }

  /** Another name that the same file had, where that still stands for it. */
  #twinOf(name: string, bytes: Buffer): string | undefined {
    const number = this.#before.numbers.get(name);
    return [...this.#before.numbers]
      .filter(([other, its]) => its === number && other !== name)
      .map(([other]) => `${this.#path}/${other}`)
      .find((other) => plainFs.existsSync(other) && plainFs.readFileSync(other).equals(bytes));
  }
}
