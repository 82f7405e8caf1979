import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/arguments/given.ts';
import { commonOptions, filterOptions } from '../../src/cli/arguments/option.ts';
import { exitCodes } from '../../src/cli/command-errors.ts';
import { commands } from '../../src/cli/commands.ts';
import { runCommand } from './run-command.ts';

describe('the help', () => {
  it.each([['--help'], ['-h'], ['help']])('names all commands for %s', async (argument) => {
    const { code, stdout, stderr } = await runCommand([argument]);
    expect([code, stderr]).toEqual([0, '']);
    for (const { name, summary } of commands)
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
  });

  it('is what an empty command line gets, as a mistake', async () => {
    const { code, stdout, stderr } = await runCommand([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Commands:');
  });

  it.each(commands)('of $name names all its options, in lines that fit', async ({ name, options }) => {
    const { stdout } = await runCommand([name, '--help']);
    for (const option of [...options, ...commonOptions]) expect(stdout).toContain(`  --${option.name}`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect((await runCommand(['help', name])).stdout).toBe(stdout);
    expect((await runCommand([name, 'a', 'b', 'c', '-h'])).stdout).toBe(stdout);
  });

  it.each(commands)('of $name tells the filters apart, and what it ends with', async ({ name, options }) => {
    const { stdout } = await runCommand([name, '--help']);
    expect(stdout.includes('Filters, all of which have to hold:')).toBe(
      options.some((option) => filterOptions.includes(option)),
    );
    for (const code of Object.values(exitCodes)) expect(stdout).toMatch(new RegExp(`^  ${code} +\\w`, 'm'));
  });

  it.each(commands)('of $name has examples that are understood', ({ name, options, operands, examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const { line } of examples) {
      const [program, command, ...args] = (line.split(' | ')[0] ?? '').replaceAll("'", '').split(' ');
      expect([program, command]).toEqual(['http-larder', name]);
      expect(readArguments(args, [...options, ...commonOptions]).operands).toHaveLength(operands.length);
    }
  });
});

describe('a command line that is not understood', () => {
  it.each([
    [['lss'], 'There is no command lss: did you mean ls?'],
    [['LS'], 'There is no command LS: did you mean ls?'],
    [['banana'], 'There is no command banana: use one of ls, show, rm, clear, stats, verify'],
    [['help', 'stat'], 'There is no command stat: did you mean stats?'],
    [['--json'], 'An option --json cannot stand first: use one of ls, show, rm, clear, stats, verify'],
    [['ls'], 'ls needs <folder>, the path that the StreamingManager was given: see http-larder ls --help'],
    [['show', '.'], 'show needs <url>, a URL, or a pattern with *: see http-larder show --help'],
    [['ls', 'a', 'b'], 'ls takes <folder>, and no "b": put a pattern with * into quotes, or remove it'],
    [['ls', '.', '--urk', 'x'], 'There is no option --urk: did you mean --url?'],
    [['ls', 'a', 'https://u:p@a.test/?token=x'], 'and no "https://***@a.test/?token=***"'],
  ])('%j gets one sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
