import { inspect } from 'node:util';

/** A value as an error message quotes it: on one line, and without what is inside it. */
export function quoted(value: unknown): string {
  return inspect(value, { depth: -1, breakLength: Infinity, maxStringLength: 60 });
}

/**
 * Refuses what is not an object and fields that are no options, so that a misspelt limit never passes for a default.
 *
 * @throws TypeError naming the option and those that there are.
 */
export function refuseUnknownOptions(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${owner} takes an object of options, not ${quoted(options)}: give an object`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new TypeError(
      `${owner} has no option ${quoted(name)}: remove it, or use one of ${known.join(', ')}`,
    );
  }
}

/** What a number given as an option must be. */
export interface NumberOption {
  /** Whose option it is, for the message. */
  readonly owner: string;
  /** Its name. */
  readonly name: string;
  /** What it counts, in the plural. */
  readonly unit: string;
  /** The least value that makes sense. */
  readonly least: number;
  /** What holds when it is left out. */
  readonly fallback: number;
}

/**
 * Checks an option that counts something: a whole number, finite because every store is bounded.
 *
 * @throws TypeError when it is no number, RangeError when it is none that can be used.
 */
export function wholeNumber(value: unknown, option: NumberOption): number {
  if (value === undefined) return option.fallback;
  const remedy = `give a whole number of ${option.unit} from ${option.least}, or leave it out for ${option.fallback}`;
  if (typeof value !== 'number') {
    throw new TypeError(`${option.owner}: ${option.name} is ${quoted(value)}, not a number: ${remedy}`);
  }
  if (!Number.isSafeInteger(value) || value < option.least) {
    throw new RangeError(`${option.owner}: ${option.name} is ${value}: ${remedy}`);
  }
  return value;
}
