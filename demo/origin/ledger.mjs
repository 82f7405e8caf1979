// @ts-check

/**
 * What the origin last sent of one representation.
 *
 * @typedef {object} Sent
 * @property {string} sha256 Digest of its body before any content coding.
 * @property {number} freshUntil Milliseconds since 1970.
 * @property {boolean} hasValidator
 * @property {string | undefined} location Where it redirects to.
 */

/** Names a representation: the demo's requests differ in these alone. @typedef {{ path: string, headers: Readonly<Record<string, string | string[] | undefined>> }} Asked */

/**
 * What the origin remembers of what it sent, so that it can tell whether a cache asked too often or too seldom, without
 * believing the cache in anything.
 */
export class Ledger {
  /** @type {Map<string, Sent>} */
  #sent = new Map();

  /** @param {Asked} asked @param {import('./routes.mjs').Answer} answer */
  sent(asked, answer) {
    this.#sent.set(nameOf(asked), {
      sha256: answer.sha256,
      freshUntil: Date.now() + answer.freshForMs,
      hasValidator: 'ETag' in answer.headers || 'Last-Modified' in answer.headers,
      location: answer.headers['Location'],
    });
  }

  /** The representations of a path are not what they were (RFC 9111 §4.4). @param {string} path */
  changed(path) {
    for (const name of this.#sent.keys()) if (name.startsWith(`${path} `)) this.#sent.delete(name);
  }

  /** @param {Asked} asked */
  hasValidator(asked) {
    return this.#sent.get(nameOf(asked))?.hasValidator === true;
  }

  /** For how many milliseconds more nobody needs to ask for it, redirects included; at most 0 when one needs to. @param {Asked} asked */
  freshForMs(asked) {
    const hops = this.#hops(asked);
    return Math.min(...hops.map((hop) => (hop === undefined ? 0 : hop.freshUntil - Date.now())));
  }

  /** Digest of what was last sent of it, at the end of its redirects. @param {Asked} asked */
  sha256(asked) {
    return this.#hops(asked).at(-1)?.sha256;
  }

  /** @param {Asked} asked @returns {(Sent | undefined)[]} */
  #hops(asked) {
    const hop = this.#sent.get(nameOf(asked));
    if (hop?.location === undefined) return [hop];
    return [hop, ...this.#hops({ ...asked, path: hop.location })];
  }
}

/** @param {Asked} asked */
function nameOf({ path, headers }) {
  const fields = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return [path, fields['accept-language'], fields['authorization']].join(' ');
}
