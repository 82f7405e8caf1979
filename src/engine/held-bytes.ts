/** How much is held for slow readers, in bytes. */
const maxHeld = 8 * 1024 * 1024;
/** For how long the slowest of several readers holds up the others in all, in milliseconds. */
const maxPause = 1000;

/** A reader of held bytes. */
export interface HeldReader {
  /** How many bytes of the body it has had. */
  readonly position: number;
  /** Lets go of a reader that is too slow. */
  giveUp(): void;
}

/** The part of a body that is in memory for those who read it. A reader on its own sets the pace; of several, the slowest may not hold up the others for long. */
export class HeldBytes {
  readonly #readers: ReadonlySet<HeldReader>;
  readonly #othersWait: () => boolean;
  #chunks: Buffer[] = [];
  #start: number | undefined;
  #end = 0;
  #waiting: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pausedAt = 0;
  #paused = 0;

  /** @param othersWait - Whether one is held up by these who is not among them. */
  constructor(readers: ReadonlySet<HeldReader>, othersWait: () => boolean) {
    this.#readers = readers;
    this.#othersWait = othersWait;
  }

  /** The position of the first byte that is held; `undefined` when none is to be. */
  get start(): number | undefined {
    return this.#start;
  }

  /** Begins to hold, with these bytes, the first of which is at a position. */
  begin(start: number, chunks: readonly Buffer[]): void {
    this.#start = start;
    this.#end = start;
    for (const chunk of chunks) this.append(chunk);
  }

  /** Holds more. `false` asks for a pause, until `drained`. */
  append(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#end += chunk.length;
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
    this.#pausedAt = performance.now();
    this.#timer = setTimeout(() => this.#leaveBehind(), Math.max(0, maxPause - this.#paused));
  }

  /** What is held from a position on, as far as it is in one piece; `undefined` when nothing is. */
  read(position: number): Buffer | undefined {
    let at = this.#start ?? position + 1;
    if (position < at) return undefined;
    for (const chunk of this.#chunks) {
      if (position < at + chunk.length) return chunk.subarray(position - at);
      at += chunk.length;
    }
    return undefined;
  }

  /** A reader went on, or away. */
  consumed(): void {
    if (this.#start === undefined) return;
    this.#forget();
    if (this.#waiting === undefined || this.isFull) return;
    clearTimeout(this.#timer);
    this.#paused += performance.now() - this.#pausedAt;
    const callback = this.#waiting;
    this.#waiting = undefined;
    callback();
  }

  /** Whether no more should come for now. */
  get isFull(): boolean {
    return this.#readers.size > 0 && this.#lagAt(this.#slowest()) > maxHeld;
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
    for (let [first] = this.#chunks; first !== undefined; [first] = this.#chunks) {
      const next = (this.#start ?? 0) + first.length;
      if (next > slowest) return;
      this.#start = next;
      this.#chunks.shift();
    }
  }

  #leaveBehind(): void {
    // A reader that has no other to wait for it takes the time it needs.
    if (this.#readers.size < 2 && !this.#othersWait()) return;
    for (const reader of this.#readers) if (this.#lagAt(reader.position) > maxHeld / 2) reader.giveUp();
  }
}
