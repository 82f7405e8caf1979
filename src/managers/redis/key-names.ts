import { hash } from 'node:crypto';

/** Version of what is stored; another one has other keys, and neither sees the other's. */
const VERSION = 'v1';

/**
 * The names of the keys in Redis. All of an entry have one hash tag, and so lie on one server of a cluster: what belongs together
 * can be changed together.
 */
export class KeyNames {
  /** Where the store's secret is. */
  readonly secret: string;
  /** Where changes are told. */
  readonly changes: string;
  /** What the keys of all entries match, and no other. */
  readonly entryPattern: string;
  /** What the keys of all bodies match, and no other. */
  readonly bodyPattern: string;
  readonly #root: string;

  constructor(prefix: string) {
    this.#root = `${prefix}:${VERSION}:`;
    this.secret = `${this.#root}secret`;
    this.changes = `${this.#root}changes`;
    const root = this.#root.replaceAll(/[*?[\]\\^]/g, String.raw`\$&`);
    this.entryPattern = `${root}{*}`;
    this.bodyPattern = `${root}{*}:body:*`;
  }

  /** Where the entry of a cache key is: a hash of its head, policy, and body where that is small. */
  entry(cacheKey: string): string {
    // 128 bits tell keys apart; the whole key is stored and compared, so that a chance meeting is a miss.
    return `${this.#root}{${hash('sha256', cacheKey, 'hex').slice(0, 32)}}`;
  }

  /** Where a large body is: a hash of its chunks. */
  body(entry: string, revision: string): string {
    return `${entry}:body:${revision}`;
  }

  /** Where the lease on an entry is. */
  lease(entry: string): string {
    return `${entry}:lease`;
  }

  /** The channel on which one object hears itself. */
  beat(id: string): string {
    return `${this.#root}beat:${id}`;
  }
}
