import { parseArgs } from 'node:util';
import { UsageError } from '../command-errors.ts';
import { nearestWord } from '../text/nearest-word.ts';
import type { Option } from './option.ts';

/** A command line that was understood. */
export interface Given {
  /** What is not an option, in order. */
  readonly operands: readonly string[];
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** The value of an option; `undefined` when it was not given. */
  value(name: string): string | undefined;
}

/**
 * Reads the arguments of a command.
 *
 * @throws UsageError naming the argument that is not understood.
 */
export function readArguments(args: readonly string[], options: readonly Option[]): Given {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries([
      ...options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
      ['help', { type: 'boolean', short: 'h' }],
    ]),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = options.find((one) => one.name === name);
    if (option === undefined) throw unknownOption(rawName, options);
    if (option.value === undefined) {
      if (value !== undefined)
        throw new UsageError(`The option ${rawName} takes no value: remove "=${value}"`);
      flags.add(name);
      continue;
    }
    const isMissing = value === undefined || value === '' || (inlineValue === false && value.startsWith('-'));
    if (isMissing)
      throw new UsageError(`The option ${rawName} needs a value: give ${rawName} ${option.value}`);
    if (values.has(name)) throw new UsageError(`The option ${rawName} is given twice: give it once`);
    values.set(name, value);
  }
  return {
    operands: positionals,
    flag: (name) => flags.has(name),
    value: (name) => values.get(name),
  };
}

function unknownOption(rawName: string, options: readonly Option[]): UsageError {
  const nearest = nearestWord(
    rawName.replace(/^-+/, ''),
    options.map(({ name }) => name),
  );
  const remedy = nearest === undefined ? 'see --help' : `did you mean --${nearest}?`;
  return new UsageError(`There is no option ${rawName}: ${remedy}`);
}
