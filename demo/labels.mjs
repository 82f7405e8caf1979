// @ts-check

/** Names requests in a column of the table, each differently. */
export class Labels {
  #width;
  /** The request by its label. @type {Map<string, string>} */
  #requests = new Map();

  /** @param {number} width Of the column. */
  constructor(width) {
    this.#width = width;
  }

  /**
   * The request itself where it fits. Otherwise its middle is left out, as URLs differ at their ends, and a number
   * added when that is what another request is called.
   *
   * @param {string} request
   * @returns {string}
   */
  of(request) {
    const text = request.replace('https://', '');
    for (let number = 1; ; number += 1) {
      const suffix = number === 1 ? '' : ` #${number}`;
      const label = shorten(text, this.#width - suffix.length) + suffix;
      const owner = this.#requests.get(label) ?? request;
      if (owner !== request) continue;
      this.#requests.set(label, request);
      return label;
    }
  }
}

/**
 * @param {string} text
 * @param {number} width
 */
function shorten(text, width) {
  if (text.length <= width) return text;
  const start = Math.floor(width / 3);
  return `${text.slice(0, start)}…${text.slice(start + 1 - width)}`;
}
