import { commonOptions, filterOptions, type Option } from '../arguments/option.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../command-errors.ts';

const NAME = 'http-larder';

/** The help of the program. */
export function programHelp(commands: readonly Command[]): string {
  return [
    `${NAME} <command> <folder> [options]`,
    '',
    'Looks into the folder of a StreamingManager, and takes things out of it, while programs go on with it.',
    '',
    'Commands:',
    ...table(commands.map(({ name, summary }) => [name, summary])),
    '',
    `${NAME} <command> --help tells more, ${NAME} --version the version.`,
    '',
    'Examples:',
    ...commands.flatMap(({ examples: [example] }) => (example === undefined ? [] : [`  ${example.line}`])),
    '',
    'Exit codes:',
    ...exitCodeTable('nothing matched, or a problem is left'),
  ]
    .map(wrap)
    .join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, operands, options, details, examples, nothing } = command;
  const filters = options.filter((option) => filterOptions.includes(option));
  const width = Math.max(...[...options, ...commonOptions].map((option) => optionUsage(option).length));
  const rows = (some: readonly Option[]): readonly string[] =>
    table(
      some.map((option) => [optionUsage(option), option.says]),
      width,
    );
  return [
    `${NAME} ${name} ${operands.map((operand) => `<${operand.name}>`).join(' ')} [options]`,
    '',
    ...details.flatMap((paragraph) => [wrap(paragraph), '']),
    ...table(operands.map((operand) => [`<${operand.name}>`, operand.says])),
    '',
    ...(filters.length === 0 ? [] : ['Filters, all of which have to hold:', ...rows(filters), '']),
    'Options:',
    ...rows([...options.filter((option) => !filterOptions.includes(option)), ...commonOptions]),
    '',
    'Examples:',
    ...examples.flatMap(({ line, says }) => [`  ${line}`, `      ${says}`]),
    '',
    'Exit codes:',
    ...exitCodeTable(nothing),
  ].join('\n');
}

/** How an option is written. */
function optionUsage({ name, value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** What the program may end with. */
function exitCodeTable(nothing: string): readonly string[] {
  return table([
    [String(exitCodes.ok), 'it did what it was asked'],
    [String(exitCodes.nothing), nothing],
    [String(exitCodes.usage), 'it was not understood'],
    [String(exitCodes.failure), 'the folder cannot be used, or reading or writing failed'],
    [String(exitCodes.interrupted), 'it was interrupted'],
  ]);
}

function table(
  rows: readonly (readonly [string, string])[],
  width: number = Math.max(...rows.map(([name]) => name.length)),
): readonly string[] {
  return rows.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`);
}

/** Breaks a paragraph into lines of at most 80 columns. */
function wrap(paragraph: string): string {
  return paragraph.replaceAll(/(?=.{81})(.{1,80})\s+/g, '$1\n');
}
