import { createHmac, randomBytes } from 'node:crypto';
import type { MaybePromise } from '../managers/manager.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { failed, type Store } from './store.ts';

const secretKey = 'http-larder:secret';
const secretSize = 32;
const remembered = 64;

/**
 * Digests of credentials under the store's secret. The secret is read once, at the first request that carries
 * credentials; where the store cannot give one, a secret of this process serves, so that what is stored under it is
 * found by this process alone.
 */
export class CredentialDigests {
  readonly #store: Store;
  #secret: MaybePromise<Uint8Array> | undefined;
  readonly #digests = new Map<string, string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Waits for the secret; `digest` may be called once it is there. */
  ready(): MaybePromise<unknown> {
    if (this.#secret === undefined) {
      this.#secret = andThen(this.#store.secret(), (secret) =>
        secret instanceof Uint8Array && secret.byteLength >= secretSize ? secret : this.#ownSecret(),
      );
      if (isPromise(this.#secret)) {
        this.#secret = this.#secret.then((secret) => {
          this.#secret = secret;
          return secret;
        });
      }
    }
    return this.#secret;
  }

  /** The digest of a text that holds credentials. `ready` must have been waited for. */
  digest(text: string): string {
    const known = this.#digests.get(text);
    if (known !== undefined) return known;
    const secret = this.#secret;
    if (secret === undefined || isPromise(secret)) throw new TypeError('The secret was not waited for');
    const digest = createHmac('sha256', secret).update(text, 'latin1').digest('base64url');
    if (this.#digests.size >= remembered) this.#digests.clear();
    this.#digests.set(text, digest);
    return digest;
  }

  #ownSecret(): MaybePromise<Uint8Array> {
    if (this.#store.isPrivateToProcess) return randomBytes(secretSize);
    return this.#sharedSecret();
  }

  /** Of several processes that make a secret at once the last to write wins, so each reads again what it wrote. */
  async #sharedSecret(): Promise<Uint8Array> {
    const found = await this.#store.readWhole(secretKey);
    if (found instanceof Uint8Array && found.byteLength >= secretSize) return found;
    const made = randomBytes(secretSize);
    if (found === failed) return made;
    await this.#store.writeWhole(secretKey, made);
    const written = await this.#store.readWhole(secretKey);
    return written instanceof Uint8Array && written.byteLength >= secretSize ? written : made;
  }
}
