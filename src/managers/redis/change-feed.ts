import type { Change, ChangeObserver, ChangeSource } from '../manager.ts';
import type { KeyNames } from './key-names.ts';
import type { RedisPort, SubscriptionEvents } from './redis-port.ts';
import { newName } from './stored-entry.ts';

/** How often the feed sends itself a message, in milliseconds, to see that messages come through. */
const BEAT_MS = 500;

/** After how long without one it is not believed any more. */
const SILENCE_MS = 3 * BEAT_MS;

/** After how long without one another connection is tried. */
const REOPEN_MS = 10 * BEAT_MS;

/** Tells of changes to the store by Redis's publish and subscribe, by a connection of its own, while anybody listens. */
export class ChangeFeed implements ChangeSource {
  readonly #port: RedisPort;
  readonly #changes: string;
  readonly #beat: string;
  readonly #observers = new Set<ChangeObserver>();
  #state: 'lost' | 'found' = 'lost';
  #heardAt = 0;
  #openedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Ends the connection in use: messages of an earlier one say nothing. */
  #connection: AbortController | undefined;
  #isSubscribed = false;

  constructor(port: RedisPort, names: KeyNames) {
    this.#port = port;
    this.#changes = names.changes;
    this.#beat = names.beat(newName());
  }

  observe(observer: ChangeObserver): () => void {
    // Each call has an end of its own, also of one observer.
    const own: ChangeObserver = (change) => observer(change);
    this.#observers.add(own);
    own({ kind: this.#state });
    if (this.#observers.size === 1) this.#start();
    return () => {
      if (this.#observers.delete(own) && this.#observers.size === 0) this.stop();
    };
  }

  /** Ends it for everybody. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#hangUp();
    this.#enter('lost');
  }

  #start(): void {
    this.#timer = setInterval(() => this.#look(), BEAT_MS).unref();
    void this.#open();
  }

  async #open(): Promise<void> {
    this.#hangUp();
    const connection = new AbortController();
    const { signal } = connection;
    this.#connection = connection;
    this.#openedAt = performance.now();
    const events: SubscriptionEvents = {
      message: (channel, text) => {
        if (!signal.aborted) this.#heard(channel, text);
      },
      lost: () => {
        if (!signal.aborted) this.#enter('lost');
      },
    };
    try {
      await this.#port.subscribe([this.#changes, this.#beat], events, signal);
      if (signal.aborted) return;
      this.#isSubscribed = true;
      this.#sendBeat();
    } catch {
      // Tried again after a while. What Redis does not do is told by those who need it.
    }
  }

  #hangUp(): void {
    this.#isSubscribed = false;
    this.#connection?.abort();
    this.#connection = undefined;
  }

  #look(): void {
    // A connection of ours that outlived its owner's would keep the process from ending.
    if (this.#port.isClosed) {
      this.#hangUp();
      this.#enter('lost');
      // Once it is open again, at the next look.
      this.#heardAt = -Infinity;
      this.#openedAt = -Infinity;
      return;
    }
    const now = performance.now();
    if (now - this.#heardAt > SILENCE_MS) this.#enter('lost');
    if (now - Math.max(this.#heardAt, this.#openedAt) > REOPEN_MS) void this.#open();
    else this.#sendBeat();
  }

  #sendBeat(): void {
    if (!this.#isSubscribed || this.#port.isDown) return;
    this.#port.send(this.#beat, ['PUBLISH', this.#beat, '']).catch(() => undefined);
  }

  #heard(channel: string, text: string): void {
    if (channel === this.#beat) {
      this.#heardAt = performance.now();
      this.#enter('found');
      return;
    }
    const change = readChange(text);
    if (change !== undefined) this.#tell(change);
  }

  #enter(state: 'lost' | 'found'): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell({ kind: state });
  }

  #tell(change: Change): void {
    for (const observer of this.#observers) observer(change);
  }
}

/** What a message says; `undefined` for one that a later version may have sent. */
function readChange(text: string): Change | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  if ('key' in message && typeof message.key === 'string') return { kind: 'key', cacheKey: message.key };
  return 'all' in message ? { kind: 'all' } : undefined;
}
