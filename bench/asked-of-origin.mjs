// @ts-check

/**
 * How many requests for documents the origin has answered so far.
 *
 * @param {string} origin
 */
export async function askedOfOrigin(origin) {
  return Number(await (await fetch(`${origin}/served`)).text());
}
