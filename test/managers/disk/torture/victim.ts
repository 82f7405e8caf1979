import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpResponse } from '../../../../src/core/message.ts';
import type { ByteRange, CacheWriter, StoredResponse } from '../../../../src/managers/manager.ts';
import type { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import { monotonicNow, type Journal } from './journal.ts';
import type { Random } from './random.ts';
import type { TortureTask } from './task.ts';
import { bodyOf, toldBy, toldHead, toldPolicy, type Told } from './told-response.ts';

/** A manager under torture, and what its journal has to know of what is done with it. */
export class Victim {
  readonly manager: StreamingManager;
  readonly #task: TortureTask;
  readonly #journal: Journal;
  #count = 0;

  constructor(manager: StreamingManager, task: TortureTask, journal: Journal) {
    this.manager = manager;
    this.#task = task;
    this.#journal = journal;
  }

  /** One of the keys; some come oftener than others. */
  key(random: Random): string {
    return `key-${Math.floor(this.#task.keys * random.next() * random.next())}`;
  }

  /** A response that nobody stored before. */
  newResponse(key: string): { readonly told: Told; readonly response: HttpResponse } {
    const told = { key, put: `${this.#task.name}.${this.#count++}`, update: '' };
    return { told, response: { ...toldHead(told), body: bodyOf(key, told.put) } };
  }

  /** Begins to store it as a stream. */
  writer(told: Told, size: number | undefined): CacheWriter {
    return this.manager.putStream(
      told.key,
      toldHead(told),
      toldPolicy(told),
      size === undefined ? {} : { size },
    );
  }

  /** Makes a response visible. */
  async publish(told: Told, commit: () => Promise<unknown>): Promise<void> {
    await this.#change(told.key, nameOf(told), commit);
  }

  /** Removes a key, or, without one, all. */
  async remove(key: string | null, remove: () => Promise<void>): Promise<void> {
    await this.#change(key, '', remove);
  }

  /** What was begun to be stored is not. */
  dropped(told: Told): void {
    this.#journal.write(['dropped', nameOf(told)]);
  }

  /** Looks a key up; what is found fits together as far as it was read. */
  async find(key: string): Promise<{ readonly stored: StoredResponse; readonly told: Told } | undefined> {
    const begin = monotonicNow();
    const stored = await this.manager.getStream(key);
    if (stored === undefined) return undefined;
    const told = this.saw(key, stored, begin);
    const expected = bodyOf(key, told.put);
    if (stored.size !== expected.length) throw new Error(`${nameOf(told)} has ${stored.size} bytes`);
    return { stored, told };
  }

  /** Notes what a look-up that began then gave. */
  saw(key: string, found: Pick<StoredResponse, 'head' | 'policy'>, begin: number): Told {
    const told = toldBy(key, found);
    if (typeof told === 'string') throw new Error(told);
    this.#journal.write(['seen', key, nameOf(told), begin]);
    return told;
  }

  /** Freshens what was found. */
  async freshen({ stored, told }: { readonly stored: StoredResponse; readonly told: Told }): Promise<void> {
    stored.release();
    const next = { ...told, update: `${this.#task.name}.${this.#count++}` };
    const begin = monotonicNow();
    this.#journal.write(['begun', nameOf(next)]);
    const { key } = told;
    const token = await this.manager.updateMetadata(key, stored.token, toldHead(next), toldPolicy(next));
    if (token === undefined) return;
    this.#journal.write(['changed', key, nameOf(next), begin, monotonicNow()]);
    this.#journal.write(['updated', key, stored.token]);
  }

  /** Notes the secret of the store. */
  secret(): void {
    this.#journal.write(['secret', Buffer.from(this.manager.secret()).toString('hex')]);
  }

  async #change(key: string | null, name: string, change: () => Promise<unknown>): Promise<void> {
    const begin = monotonicNow();
    if (name !== '') this.#journal.write(['begun', name]);
    try {
      // Cleared meanwhile: it may have been there for a moment.
      if ((await change()) === false) return;
    } catch (error) {
      if (name !== '') this.#journal.write(['dropped', name]);
      throw error;
    }
    this.#journal.write(['changed', key, name, begin, monotonicNow()]);
  }
}

function nameOf({ key, put, update }: Told): string {
  return `${key} ${put} ${update}`;
}

/** How a body is read: with pauses, or only so many bytes of it. */
export interface Reading {
  readonly range?: ByteRange;
  readonly most?: number;
  readonly pauseMs?: number;
}

/** Reads a body, and fails unless it is what that put stored, to the last byte. */
export async function readBody(
  stream: Readable,
  { key, put }: Told,
  { range, most = Number.POSITIVE_INFINITY, pauseMs = 0 }: Reading = {},
): Promise<void> {
  const whole = bodyOf(key, put);
  const expected = range === undefined ? whole : whole.subarray(range.start, range.end + 1);
  let length = 0;
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    if (!bytes.equals(expected.subarray(length, length + bytes.length))) {
      throw new Error(`${key} ${put} has wrong bytes from ${length} on`);
    }
    length += bytes.length;
    if (length >= most) return;
    if (pauseMs > 0) await pause(pauseMs);
  }
  if (length !== expected.length) throw new Error(`${key} ${put} ended after ${length} bytes`);
}
