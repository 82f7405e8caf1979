import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { HttpCacheError } from '../../../errors.ts';
import { errorCode } from '../files/file-access.ts';
import type { DiskClock } from '../disk-options.ts';
import { writeNewSync } from '../files/write-new-sync.ts';
import { newGeneration, type Layout } from '../format/layout.ts';
import type { StoreFolder } from './store-folder.ts';

const SECRET_LENGTH = 32;

/** So many secrets of one store may be damaged; more would be no accident. */
const MOST_DAMAGED = 16;

const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What opening answers when something is there that is no plain file. */
const PLANTED: ReadonlySet<string | undefined> = new Set(['ELOOP', 'EISDIR', 'ENXIO', 'EMLINK']);

/*
 * A secret appears under its name whole or not at all, and is never changed or replaced: so all who use the store have the
 * same. In place of a damaged one counts the next, `secret-1`, then `secret-2`, which appear in the same way. What was
 * stored with credentials under the damaged one is a miss from then on.
 */

/** What the secret of a store is read with, and made. */
interface StoreSecretParts {
  readonly layout: Layout;
  readonly folder: StoreFolder;
  readonly clock: DiskClock;
}

/** The secret of a store: made when it is first asked for, and read once. */
export class StoreSecret {
  readonly #parts: StoreSecretParts;
  #secret: Uint8Array | undefined;
  /** That of a store which is gone. */
  #former: Uint8Array | undefined;

  constructor(parts: StoreSecretParts) {
    this.#parts = parts;
  }

  /** Gives a copy of it; as {@link makeSecret} when there is none. */
  get(): Uint8Array {
    this.#secret ??= readSecret(this.#parts.layout) ?? this.#make();
    return Uint8Array.from(this.#secret);
  }

  /** Has it read again: the store is gone, and another may lie in its place. */
  forget(): void {
    this.#former = this.#secret ?? this.#former;
    this.#secret = undefined;
  }

  /**
   * Gives the secret that was known to the store that was made anew, unless that has one: whoever works with it goes on, and
   * so do the other processes, which know the same.
   */
  bringBack(): void {
    if (this.#former === undefined) return;
    try {
      this.get();
    } catch {
      // Who asks for it next hears of it.
    }
  }

  #make(): Uint8Array {
    const { layout, folder, clock } = this.#parts;
    folder.prepareForChange();
    return makeSecret(layout, clock.now(), this.#former);
  }
}

/** Reads the secret of a store; `undefined` when it has none that is whole. */
export function readSecret(layout: Layout): Uint8Array | undefined {
  const found = findSecret(layout);
  return found.kind === 'whole' ? found.secret : undefined;
}

/**
 * Reads the secret of a store, or makes it, of `bytes` if given. Of several that make it at once, the first makes that of all.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it cannot be made, and what the system says when it cannot be
 * read or written.
 */
export function makeSecret(
  layout: Layout,
  now: number,
  bytes: Uint8Array = randomBytes(SECRET_LENGTH),
): Uint8Array {
  const found = findSecret(layout);
  if (found.kind === 'whole') return found.secret;
  const temporary = `${layout.root}/secret.${newGeneration(now)}`;
  try {
    // Lost with the power, it would make all that was stored with credentials useless, so it is written through.
    writeNewSync(temporary, bytes, { flush: true });
    nameSecret(temporary, found.path);
  } finally {
    rmSync(temporary, { force: true });
  }
  const made = readSecret(layout);
  if (made !== undefined) return made;
  throw new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `The secret ${JSON.stringify(found.path)} was damaged as soon as it was made: try again`,
  );
}

type FoundSecret =
  { readonly kind: 'whole'; readonly secret: Uint8Array } | { readonly kind: 'none'; readonly path: string };

/** The first secret that is whole, or where it is to be made. */
function findSecret({ root }: Layout): FoundSecret {
  for (let damaged = 0; damaged <= MOST_DAMAGED; damaged++) {
    const path = damaged === 0 ? `${root}/secret` : `${root}/secret-${damaged}`;
    const secret = readIfWhole(path);
    if (secret === 'absent') return { kind: 'none', path };
    if (secret !== 'damaged') return { kind: 'whole', secret };
  }
  throw new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `All secrets in ${JSON.stringify(root)} are damaged: remove the files whose names begin with "secret"`,
  );
}

function readIfWhole(path: string): Uint8Array | 'absent' | 'damaged' {
  let descriptor: number;
  try {
    descriptor = openSync(path, READ_FLAGS);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return 'absent';
    if (PLANTED.has(code)) return 'damaged';
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size !== SECRET_LENGTH) return 'damaged';
    const secret = Buffer.alloc(SECRET_LENGTH);
    const length = readSync(descriptor, secret, 0, SECRET_LENGTH, 0);
    // As a loss of power leaves a file, and anybody could guess it.
    const isZero = secret.every((byte) => byte === 0);
    return length < SECRET_LENGTH || isZero ? 'damaged' : secret;
  } finally {
    closeSync(descriptor);
  }
}

function nameSecret(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    // Without hard links, of two that make it in the same instant each may have its own until it starts again.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) renameSync(temporary, path);
  }
}
