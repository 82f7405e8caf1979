// @ts-check

/**
 * How many requests the origin has answered with a body so far.
 *
 * @param {string} origin
 */
export async function askedOfOrigin(origin) {
  return Number(await (await fetch(`${origin}/served`)).text());
}
