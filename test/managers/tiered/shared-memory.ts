import type { Readable } from 'node:stream';
import type { HttpResponse, HttpResponseHead } from '../../../src/core/message.ts';
import type { CachePolicy } from '../../../src/core/policy-types.ts';
import type {
  ByteRange,
  CacheEntry,
  CacheWriter,
  ChangeObserver,
  ChangeSource,
  CommitOptions,
  StoredResponse,
  StreamingCacheManager,
} from '../../../src/managers/manager.ts';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import type { Gate } from '../../helpers/gate.ts';

/** Bodies up to this come with what is found, as from Redis. */
const inlineMax = 1_000;

/** A store that several managers share, as several processes share a server. */
export class SharedMemory {
  readonly memory: MemoryManager = new MemoryManager();
  readonly #observers = new Set<(cacheKey: string) => void>();

  /** A way to it; `silent` for one that does not tell of changes. */
  open(tells: 'telling' | 'silent' = 'telling'): SharedMemoryManager {
    return new SharedMemoryManager(this, tells === 'telling');
  }

  /** Tells everybody. */
  tell(cacheKey: string): void {
    for (const observer of this.#observers) observer(cacheKey);
  }

  /** Listens. */
  observe(observer: (cacheKey: string) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }
}

/** What a process has of a {@link SharedMemory}; it counts, and can be held up, parted and broken. */
export class SharedMemoryManager implements StreamingCacheManager {
  readonly scope = 'shared';
  readonly changes?: ChangeSource;
  /** How often something was looked up. */
  lookUps = 0;
  /** How often a body was read that did not come with what was found. */
  bodies = 0;
  /** What the answers to look-ups wait for, once they are read. */
  held: Gate | undefined;
  /** What the answers to deletions wait for, once they are done. */
  heldDeletion: Gate | undefined;
  /** What everything fails with. */
  fault: Error | undefined;
  readonly #store: SharedMemory;
  readonly #observers = new Set<ChangeObserver>();
  readonly #found = new WeakMap<StoredResponse, StoredResponse>();
  #isHearing = true;

  constructor(store: SharedMemory, tells: boolean) {
    this.#store = store;
    if (!tells) return;
    store.observe((cacheKey) => {
      if (this.#isHearing) this.#tell({ kind: 'key', cacheKey });
    });
    this.changes = {
      observe: (observer) => {
        this.#observers.add(observer);
        observer({ kind: this.#isHearing ? 'found' : 'lost' });
        return () => this.#observers.delete(observer);
      },
    };
  }

  /** How many observe it. */
  get observers(): number {
    return this.#observers.size;
  }

  /** Parts it from what the others tell, or ends that. */
  hear(isHearing: boolean): void {
    this.#isHearing = isHearing;
    this.#tell({ kind: isHearing ? 'found' : 'lost' });
  }

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    this.#mayFail();
    return await this.#store.memory.get(cacheKey);
  }

  async put(cacheKey: string, response: HttpResponse, policy: CachePolicy): Promise<HttpResponse> {
    this.#mayFail();
    const stored = await this.#store.memory.put(cacheKey, response, policy);
    this.#store.tell(cacheKey);
    return stored;
  }

  async delete(cacheKey: string, token?: string): Promise<void> {
    this.#mayFail();
    await this.#store.memory.delete(cacheKey, token);
    await this.heldDeletion?.opened;
    this.#mayFail();
    this.#store.tell(cacheKey);
  }

  async clear(): Promise<void> {
    await this.#store.memory.clear();
    this.#tell({ kind: 'all' });
  }

  async getStream(cacheKey: string): Promise<StoredResponse | undefined> {
    this.lookUps++;
    this.#mayFail();
    const found = this.#store.memory.getStream(cacheKey);
    await this.held?.opened;
    if (found === undefined) return undefined;
    const { head, policy, token, size, body } = found;
    const stored: StoredResponse = {
      ...structuredClone({ head, policy }),
      token,
      size,
      body: size > inlineMax ? undefined : body,
      release: () => undefined,
    };
    this.#found.set(stored, found);
    return stored;
  }

  putStream(
    cacheKey: string,
    head: HttpResponseHead,
    policy: CachePolicy,
    options?: { readonly size?: number },
  ): CacheWriter {
    const writer = this.#store.memory.putStream(cacheKey, head, policy, options);
    return {
      write: (chunk) => writer.write(chunk),
      commit: async (commit?: CommitOptions) => {
        this.#mayFail();
        const isCommitted = await writer.commit(commit);
        if (isCommitted) this.#store.tell(cacheKey);
        return isCommitted;
      },
      abort: async (reason) => await writer.abort(reason),
    };
  }

  streamResponse(stored: StoredResponse, range?: ByteRange): Readable {
    const found = this.#found.get(stored);
    if (found === undefined) throw new TypeError('This stored response is of another manager');
    if (stored.body === undefined) this.bodies++;
    return this.#store.memory.streamResponse(found, range);
  }

  updateMetadata(
    cacheKey: string,
    token: string,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): string | undefined {
    this.#mayFail();
    const updated = this.#store.memory.updateMetadata(cacheKey, token, head, policy);
    if (updated !== undefined) this.#store.tell(cacheKey);
    return updated;
  }

  #mayFail(): void {
    if (this.fault !== undefined) throw this.fault;
  }

  #tell(change: Parameters<ChangeObserver>[0]): void {
    for (const observer of this.#observers) observer(change);
  }
}
