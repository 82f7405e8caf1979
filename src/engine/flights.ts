import { randomUUID } from 'node:crypto';

/** Of so many keys of one target URI it is remembered which request their responses came by. */
const mostRemembered = 1000;

/** One request on its way to the origin whose response may be stored. */
export interface Flight {
  /** The primary key of its target URI. */
  readonly primary: string;
  /** When it was sent, in milliseconds since 1970. */
  sentAt: number;
  /** Its place in the order in which this process sent requests. */
  nth: number;
  /** Whether the target URI, or a group that the response is in, was invalidated since. */
  invalidated: boolean;
  /** The groups that were invalidated since, while it was not known which of them the response is in; absent for none. */
  invalidatedGroups?: Set<string>;
  /** The groups that the response is in; absent until it came, and for none. */
  groups?: readonly string[];
  /** The number of the last mark on prefixes that was known as it was begun; 0 for none. */
  readonly marksSeen: number;
  /** Called once, when nothing more will come of it but what is being written, or it was invalidated: nobody waits for it then. */
  over?: () => void;
}

interface Group {
  readonly flights: Set<Flight>;
  readonly settling: Set<Promise<unknown>>;
  /** The latest request whose response was stored, by its key, while there are flights. */
  readonly stored: Map<string, number>;
  /** The latest of those that are not remembered by key any more. */
  forgotten: number;
  epoch: string | undefined;
}

/** The requests under way in this process, by the primary key of their target URI. */
export class Flights {
  readonly #groups = new Map<string, Group>();
  readonly #background = new Set<Promise<unknown>>();
  #begun = 0;
  readonly #lastMark: () => number;

  /** @param lastMark - The number of the last mark on prefixes that is known. */
  constructor(lastMark: () => number = () => 0) {
    this.#lastMark = lastMark;
  }

  /** A request goes out. */
  begin(primary: string, sentAt: number): Flight {
    this.#begun += 1;
    return this.#add({ primary, sentAt, nth: this.#begun, invalidated: false, marksSeen: this.#lastMark() });
  }

  /** A request goes out that had to wait since it was begun. */
  sent(flight: Flight, sentAt: number): void {
    this.#begun += 1;
    flight.nth = this.#begun;
    flight.sentAt = sentAt;
  }

  /** What a request gave is written once more, in its place in the order. */
  again({ primary, sentAt, nth, marksSeen, groups }: Flight): Flight {
    return this.#add({
      primary,
      sentAt,
      nth,
      invalidated: false,
      marksSeen,
      ...(groups === undefined ? {} : { groups }),
    });
  }

  #add(flight: Flight): Flight {
    this.#group(flight.primary).flights.add(flight);
    return flight;
  }

  /** Nothing more will come of a request. */
  end(flight: Flight): void {
    this.#groups.get(flight.primary)?.flights.delete(flight);
    this.#tidy(flight.primary);
    tellOver(flight);
  }

  /** The response to a request lies at a key now. */
  published({ primary, nth }: Flight, key: string): void {
    const group = this.#groups.get(primary);
    if (group === undefined) return;
    const { stored } = group;
    stored.set(key, nth);
    for (const [oldest, place] of stored) {
      if (stored.size <= mostRemembered) break;
      stored.delete(oldest);
      group.forgotten = Math.max(group.forgotten, place);
    }
  }

  /** Whether the response to a later request lies at a key already. */
  isOvertaken({ primary, nth }: Flight, key: string): boolean {
    const group = this.#groups.get(primary);
    return (group?.stored.get(key) ?? group?.forgotten ?? 0) > nth;
  }

  /** Keeps what is under way for a target URI out of the store. */
  invalidate(primary: string): void {
    for (const flight of this.#groups.get(primary)?.flights ?? []) markInvalidated(flight);
    const group = this.#groups.get(primary);
    if (group !== undefined) group.epoch = undefined;
  }

  /** Keeps out of the store what is under way for target URIs. */
  invalidateWhere(isMeant: (primary: string) => boolean): void {
    for (const primary of this.#groups.keys()) if (isMeant(primary)) this.invalidate(primary);
  }

  /** Keeps out of the store what is under way for a group of stored responses, by its key. */
  invalidateGroup(key: string): void {
    for (const { flights } of this.#groups.values()) {
      for (const flight of flights) {
        if (flight.groups === undefined) {
          flight.invalidatedGroups ??= new Set();
          flight.invalidatedGroups.add(key);
        }
        if (flight.groups?.includes(key) === true || (flight.invalidatedGroups?.size ?? 0) > mostRemembered) {
          markInvalidated(flight);
        }
      }
    }
  }

  /** The epoch for variants of a target URI that has no index yet: the same for all requests that are under way together. */
  epoch(primary: string): string {
    const group = this.#group(primary);
    group.epoch ??= randomUUID();
    return group.epoch;
  }

  /** Work on the store that a look-up of this target URI waits for; it must not reject. */
  settle(primary: string, work: Promise<unknown>): void {
    this.#group(primary).settling.add(work);
    void work.finally(() => {
      this.#groups.get(primary)?.settling.delete(work);
      this.#tidy(primary);
    });
  }

  /** Fulfils when the work on the store for a target URI is done; `undefined` when there is none. */
  settled(primary: string): Promise<unknown> | undefined {
    const settling = this.#groups.get(primary)?.settling;
    return settling === undefined || settling.size === 0 ? undefined : Promise.all(settling);
  }

  /** Work that nobody waits for but `idle`; it must not reject. */
  inBackground(work: Promise<unknown>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
  }

  /** Fulfils when all that is received or validated without a caller is done. */
  async quiet(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }

  /** Fulfils when all work on the store is done. */
  async idle(): Promise<void> {
    for (;;) {
      const work = [...this.#groups.values()].flatMap((group) => [...group.settling]);
      if (work.length === 0) return;
      await Promise.all(work);
    }
  }

  #group(primary: string): Group {
    let group = this.#groups.get(primary);
    if (group === undefined) {
      group = { flights: new Set(), settling: new Set(), stored: new Map(), forgotten: 0, epoch: undefined };
      this.#groups.set(primary, group);
    }
    return group;
  }

  #tidy(primary: string): void {
    const group = this.#groups.get(primary);
    if (group !== undefined && group.flights.size === 0 && group.settling.size === 0)
      this.#groups.delete(primary);
  }
}

function markInvalidated(flight: Flight): void {
  flight.invalidated = true;
  tellOver(flight);
}

function tellOver(flight: Flight): void {
  const { over } = flight;
  delete flight.over;
  over?.();
}
