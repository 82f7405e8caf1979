/** How much is held for slow readers, in bytes. */
const maxHeld = 8 * 1024 * 1024;
/** For how long a reader that takes nothing holds up the others, in milliseconds. */
const maxPause = 1000;
/** Small chunks are put together in pieces of this many bytes. */
const pieceSize = 64 * 1024;

/** A reader of held bytes. */
export interface HeldReader {
  /** How many bytes of the body it has had. */
  readonly position: number;
  /** Whether it is the one that the body came for, who cannot go on in any other way. */
  readonly isOwn: boolean;
  /** Lets go of a reader, who then has to go on in another way. */
  giveUp(): void;
}

interface Piece {
  readonly bytes: Buffer;
  length: number;
}

/**
 * The part of a body that is in memory for those who read it. The slowest sets the pace; but one that takes nothing at all
 * does not hold up others for long: it has to go, or they have where it is the body's own.
 */
export class HeldBytes {
  readonly #readers: ReadonlySet<HeldReader>;
  readonly #othersWait: () => boolean;
  #pieces: Piece[] = [];
  #start: number | undefined;
  #end = 0;
  #waiting: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param othersWait - Whether one is held up by these who is not among them. */
  constructor(readers: ReadonlySet<HeldReader>, othersWait: () => boolean) {
    this.#readers = readers;
    this.#othersWait = othersWait;
  }

  /** The position of the first byte that is held; `undefined` when none is to be. */
  get start(): number | undefined {
    return this.#start;
  }

  /** Whether no more should come for now. */
  get isFull(): boolean {
    return this.#readers.size > 0 && this.#lagAt(this.#slowest()) > maxHeld;
  }

  /** Begins to hold, with these bytes, the first of which is at a position. */
  begin(start: number, chunks: readonly Uint8Array[]): void {
    this.#start = start;
    this.#end = start;
    for (const chunk of chunks) this.append(chunk);
  }

  /** Holds a copy of more. `false` asks for a pause, until `drained`. */
  append(chunk: Uint8Array): boolean {
    let piece = this.#pieces.at(-1);
    if (piece === undefined || piece.bytes.length - piece.length < chunk.byteLength) {
      piece = { bytes: Buffer.allocUnsafeSlow(Math.max(pieceSize, chunk.byteLength)), length: 0 };
      this.#pieces.push(piece);
    }
    piece.bytes.set(chunk, piece.length);
    piece.length += chunk.byteLength;
    this.#end += chunk.byteLength;
    this.#forget();
    return !this.isFull;
  }

  /** Calls back, once, when more may come. */
  drained(callback: () => void): void {
    if (!this.isFull) {
      callback();
      return;
    }
    this.#waiting = callback;
    this.#leaveBehindLater();
  }

  /** What is held from a position on, as far as it is in one piece; `undefined` when nothing is. */
  read(position: number): Buffer | undefined {
    let start = this.#end;
    // Most readers are near the end.
    for (const { bytes, length } of this.#pieces.toReversed()) {
      start -= length;
      if (position >= start)
        return position < start + length ? bytes.subarray(position - start, length) : undefined;
    }
    return undefined;
  }

  /** A reader went on, or away. */
  consumed(): void {
    if (this.#start === undefined) return;
    this.#forget();
    if (this.#waiting === undefined || this.isFull) return;
    clearTimeout(this.#timer);
    const callback = this.#waiting;
    this.#waiting = undefined;
    callback();
  }

  #lagAt(position: number): number {
    return this.#end - Math.max(position, this.#start ?? 0);
  }

  #slowest(): number {
    let slowest = this.#end;
    for (const { position } of this.#readers) slowest = Math.min(slowest, position);
    return slowest;
  }

  /** Lets go of what all have had. */
  #forget(): void {
    const slowest = this.#slowest();
    for (let [first] = this.#pieces; first !== undefined; [first] = this.#pieces) {
      const next = (this.#start ?? 0) + first.length;
      if (next > slowest || first.length === 0) return;
      this.#start = next;
      this.#pieces.shift();
    }
  }

  #leaveBehindLater(): void {
    const before = new Map([...this.#readers].map((reader) => [reader, reader.position]));
    this.#timer = setTimeout(() => {
      // A reader that has no other to wait for it takes the time it needs.
      if (this.#readers.size > 1 || this.#othersWait()) {
        const still = [...this.#readers].filter(
          (reader) => before.get(reader) === reader.position && this.#lagAt(reader.position) > maxHeld / 2,
        );
        // Those who can go on in another way need not wait for one who cannot.
        const leaving = still.some(({ isOwn }) => isOwn) ? [...this.#readers] : still;
        for (const reader of leaving) if (!reader.isOwn) reader.giveUp();
      }
      if (this.#waiting !== undefined) this.#leaveBehindLater();
    }, maxPause).unref();
  }
}
