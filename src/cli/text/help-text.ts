import { commonOptions, type Option } from '../arguments/option.ts';
import type { Command } from '../command.ts';

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
    'It ends with 0 when it did what it was asked, 1 when nothing matched or a problem was found, 2 when it was not understood, 3 when the folder cannot be used, 130 when it was interrupted.',
  ]
    .map(wrap)
    .join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, operands, options, details, examples } = command;
  return [
    `${NAME} ${name} ${operands.map((operand) => `<${operand.name}>`).join(' ')} [options]`,
    '',
    ...details.flatMap((paragraph) => [wrap(paragraph), '']),
    ...table(operands.map((operand) => [`<${operand.name}>`, operand.says])),
    '',
    'Options:',
    ...table([...options, ...commonOptions].map((option) => [optionUsage(option), option.says])),
    '',
    'Examples:',
    ...examples.flatMap(({ line, says }) => [`  ${line}`, `      ${says}`]),
  ].join('\n');
}

/** How an option is written. */
function optionUsage({ name, value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`);
}

/** Breaks a paragraph into lines of at most 80 columns. */
function wrap(paragraph: string): string {
  return paragraph.replaceAll(/(?=.{81})(.{1,80})\s+/g, '$1\n');
}
