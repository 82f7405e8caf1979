import type { Readable } from 'node:stream';
import { HttpCacheError, isHttpCacheError } from '../errors.ts';
import type { HttpResponseHead } from '../core/message.ts';
import type { CachePolicy, IndexPolicy, ResponsePolicy } from '../core/policy-types.ts';
import { storedShape } from '../core/stored-shape.ts';
import { BufferedManager, type StreamingMethods } from '../managers/buffered-manager.ts';
import { isStreaming } from '../managers/check-manager.ts';
import type {
  ByteRange,
  CacheManager,
  CacheWriter,
  MaybePromise,
  StoredResponse,
} from '../managers/manager.ts';
import { asFault } from './as-fault.ts';
import { show } from './check-option.ts';
import type { EventSource } from './event-source.ts';
import { failed, Guard, type Failed } from './guard.ts';
import { GuardedWriter } from './guarded-writer.ts';
import { indexHead, ownUrl } from './index-head.ts';
import { isWhole } from './is-whole.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { release } from './release.ts';

export { failed, type Failed } from './guard.ts';

/** A stored response whose policy is known to be a response's. */
export type StoredMessage = StoredResponse & { readonly policy: ResponsePolicy };

/**
 * A cache manager as the engine uses it: streaming whatever it is, and unable to hurt. A method that throws, rejects or
 * does not answer in time gives {@link failed} and an `error` event.
 */
export class Store {
  /** Whether only this process can reach what is stored. */
  readonly isPrivateToProcess: boolean;
  /** How long the manager may take for an answer, in milliseconds. */
  readonly timeout: number;
  /** The largest body that is kept, where the manager says. */
  readonly maxEntrySize: number;
  readonly #manager: CacheManager;
  readonly #streaming: StreamingMethods;
  readonly #events: EventSource;
  /** Policies that were found to be well-formed; managers that keep entries in memory give the same ones again. */
  readonly #believed = new WeakSet<CachePolicy>();
  readonly #reported = new WeakSet();
  readonly #guard: Guard;
  /** The key that was found damaged last: it is told once, though it may be looked up again before it is gone. */
  #damaged: string | undefined;

  constructor(manager: CacheManager, timeout: number, events: EventSource) {
    this.#manager = manager;
    this.#streaming = isStreaming(manager) ? manager : new BufferedManager(manager);
    this.timeout = timeout;
    this.#guard = new Guard(timeout, (...fault) => this.report(...fault));
    this.#events = events;
    this.isPrivateToProcess = manager.scope === 'process';
    this.maxEntrySize = manager.maxEntrySize ?? Number.POSITIVE_INFINITY;
  }

  /** Asks the manager again at once, if it was left alone. */
  reset(): void {
    this.#guard.answered();
  }

  /** Looks a key up. What cannot be used counts as absent; what a later version wrote, as out of reach. */
  get(key: string): MaybePromise<StoredResponse | undefined | Failed> {
    if (this.#guard.isResting()) return failed;
    let found: MaybePromise<StoredResponse | undefined>;
    try {
      found = this.#streaming.getStream(key);
    } catch (error) {
      return this.#guard.call('get', key, () => this.#absentIfDamaged(key, error));
    }
    if (!isPromise(found)) {
      this.#guard.answered();
      return this.#checked(key, found);
    }
    const late = found;
    const mended = (): Promise<StoredResponse | undefined> =>
      late.catch((error: unknown) => this.#absentIfDamaged(key, error));
    return andThen(this.#guard.call('get', key, mended, release), (entry) =>
      entry === failed ? failed : this.#checked(key, entry),
    );
  }

  /** Begins to store a body. */
  openWriter(
    key: string,
    head: HttpResponseHead,
    options: { readonly policy: CachePolicy; readonly size: number | undefined },
  ): MaybePromise<GuardedWriter | Failed> {
    if (this.#guard.isResting()) return failed;
    const guarded = (writer: CacheWriter): GuardedWriter =>
      new GuardedWriter(writer, (error) => this.report('abort', key, error));
    const opened = this.#guard.call(
      'put',
      key,
      () =>
        this.#streaming.putStream(
          key,
          head,
          options.policy,
          options.size === undefined ? {} : { size: options.size },
        ),
      (late) => void guarded(late).abort(),
    );
    return andThen(opened, (writer) => (writer === failed ? failed : guarded(writer)));
  }

  /** The body of a stored response, or a range of it. */
  stream(stored: StoredResponse, range?: ByteRange): Readable {
    return this.#streaming.streamResponse(stored, range);
  }

  /** Whether the manager can read a body that is still being written. */
  get canReadWhileWriting(): boolean {
    return this.#streaming.readWhileWriting !== undefined;
  }

  /** A body that is still being written; `undefined` when the manager cannot read it, or it no longer is. */
  readWhileWriting({ writer }: GuardedWriter): Readable | undefined {
    try {
      return this.#streaming.readWhileWriting?.(writer);
    } catch {
      // It has ended meanwhile: what it wrote is to be looked up.
      return undefined;
    }
  }

  /** Replaces the metadata of an entry that still is of the revision that was read; `undefined` when it is not. */
  update(
    key: string,
    stored: StoredResponse,
    head: HttpResponseHead,
    policy: CachePolicy,
  ): MaybePromise<string | undefined | Failed> {
    if (this.#guard.isResting()) return failed;
    return this.#guard.call(
      'updateMetadata',
      key,
      () => this.#streaming.updateMetadata(key, stored.token, head, policy),
      // Of three methods, it may have overwritten what came since; else it replaced what it was to replace.
      (late) => (late === undefined || isStreaming(this.#manager) ? undefined : void this.delete(key)),
    );
  }

  /**
   * Writes an index in the place of what was read, `undefined` for nothing. `false` when something else lies there by
   * now, or `mayAdd`, which is asked when no index was there, forbids it.
   */
  async replaceByIndex(
    key: string,
    read: StoredResponse | undefined,
    index: {
      readonly url: string;
      readonly policy: IndexPolicy;
      readonly mayAdd: () => MaybePromise<boolean>;
    },
  ): Promise<boolean | Failed> {
    const { url, policy, mayAdd } = index;
    if (read?.policy.kind === 'index') {
      const token = await this.update(key, read, read.head, policy);
      return token === failed ? failed : token !== undefined;
    }
    const writer = await this.openWriter(key, indexHead(url), { policy, size: 0 });
    if (writer === failed) return failed;
    return this.#guard.call(
      'put',
      key,
      async () => {
        try {
          return await writer.commit({
            onlyIf: () => andThen(this.#isStill(key, read), (isStill) => isStill && mayAdd()),
          });
        } catch (error) {
          void writer.abort(error);
          throw error;
        }
      },
      // As for an update that comes late.
      (late) => (late ? void this.delete(key) : undefined),
    );
  }

  /** Writes an index, whatever lies there. */
  putIndex(key: string, url: string, policy: IndexPolicy): MaybePromise<unknown> {
    return this.#guard.call('put', key, () =>
      this.#manager.put(key, { ...indexHead(url), body: new Uint8Array() }, policy),
    );
  }

  /** Removes an entry; where a token is given, only that revision of it, as far as the manager can tell. */
  delete(key: string, token?: string): MaybePromise<void | Failed> {
    return this.#guard.call('delete', key, () => this.#manager.delete(key, token));
  }

  /** The store's secret, where the manager keeps one; `undefined` where it does not. */
  secret(): MaybePromise<Uint8Array | undefined | Failed> {
    return this.#guard.call('secret', undefined, () => this.#manager.secret?.());
  }

  /** Reads an entry whole, for the few things the engine keeps for itself. */
  readWhole(key: string): MaybePromise<Uint8Array | undefined | Failed> {
    return this.#guard.call('get', key, async () => (await this.#manager.get(key))?.response.body);
  }

  /** Writes an entry whole, for the few things the engine keeps for itself. */
  writeWhole(key: string, body: Uint8Array): MaybePromise<unknown> {
    const policy: IndexPolicy = { v: 1, kind: 'index', id: key, epoch: key, invalidatedAt: 0, sets: [] };
    return this.#guard.call('put', key, () => this.#manager.put(key, { ...indexHead(ownUrl), body }, policy));
  }

  /** Reports a fault of the store, once. */
  report(operation: string, key: string | undefined, error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (this.#reported.has(error)) return;
      this.#reported.add(error);
    }
    this.#events.fault({ operation, key, error: asFault(operation, error) });
  }

  /** A manager that says of an entry that it is damaged has answered: there is none. Throws what says anything else. */
  #absentIfDamaged(key: string, error: unknown): undefined {
    if (!isHttpCacheError(error) || error.code !== 'ERR_HTTP_CACHE_CORRUPT_ENTRY') throw error;
    if (this.#damaged !== key) this.report('get', key, error);
    this.#damaged = key;
  }

  /** Whether what lies under a key still is the revision that was read. */
  #isStill(key: string, read: StoredResponse | undefined): MaybePromise<boolean> {
    return andThen(this.get(key), (entry) => {
      if (entry === failed) return false;
      release(entry);
      return entry?.token === read?.token;
    });
  }

  #checked(key: string, entry: StoredResponse | undefined): StoredResponse | undefined | Failed {
    if (entry !== undefined && this.#damaged === key) this.#damaged = undefined;
    if (typeof entry !== 'object' || entry === null || this.#believed.has(entry.policy))
      return entry ?? undefined;
    const shape = storedShape(entry);
    if (shape === 'usable' && isWhole(entry)) {
      this.#believed.add(entry.policy);
      return entry;
    }
    release(entry);
    const isNewer = shape === 'newer';
    const fate = isNewer
      ? 'was stored by a later version of http-larder: it is left alone, and neither used nor replaced'
      : 'is damaged: it counts as absent';
    this.report(
      'get',
      key,
      new HttpCacheError(
        isNewer ? 'ERR_HTTP_CACHE_MANAGER' : 'ERR_HTTP_CACHE_CORRUPT_ENTRY',
        `What is stored under ${show(key)} ${fate}`,
      ),
    );
    return isNewer ? failed : undefined;
  }
}
