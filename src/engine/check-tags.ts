import { show } from './check-option.ts';

const mostTags = 32;
const mostCharacters = 256;

/**
 * Checks the tags of a response.
 *
 * @throws TypeError or RangeError unless it is an array of at most 32 texts of 1 to 256 characters, or absent.
 */
export function checkTags(value: unknown, name: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new TypeError(`${name} is ${show(value)}: give an array of tags`);
  if (value.length > mostTags) {
    throw new RangeError(`${name} has ${value.length} tags: give at most ${mostTags}`);
  }
  return value.map((tag: unknown) => checkTag(tag, name));
}

/** @throws TypeError unless it is a text of 1 to 256 characters. */
export function checkTag(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= mostCharacters) return value;
  throw new TypeError(`${name} has the tag ${show(value)}: give texts of 1 to ${mostCharacters} characters`);
}
