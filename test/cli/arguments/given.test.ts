import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/arguments/given.ts';
import type { Option } from '../../../src/cli/arguments/option.ts';

const options: readonly Option[] = [
  { name: 'url', value: '<pattern>', says: '' },
  { name: 'stale', says: '' },
  { name: 'help', says: '' },
];

function read(...args: readonly string[]) {
  const given = readArguments(args, options);
  return {
    operands: given.operands,
    url: given.value('url'),
    stale: given.flag('stale'),
    help: given.flag('help'),
  };
}

describe('arguments', () => {
  it.each([
    [['folder', '--stale', '--url', '*'], { operands: ['folder'], url: '*', stale: true, help: false }],
    [['--url=a=b', 'folder'], { operands: ['folder'], url: 'a=b', stale: false, help: false }],
    [['--url=-x', '-h'], { operands: [], url: '-x', stale: false, help: true }],
    [['--', '--stale'], { operands: ['--stale'], url: undefined, stale: false, help: false }],
  ])('%j are understood', (args, expected) => expect(read(...args)).toEqual(expected));

  it.each([
    [['--stael'], 'There is no option --stael: did you mean --stale?'],
    [['--banana'], 'There is no option --banana: see --help'],
    [['-x'], 'There is no option -x: see --help'],
    [['--stale=yes'], 'The option --stale takes no value: remove "=yes"'],
    [['--url'], 'The option --url needs a value: give --url <pattern>'],
    [['--url', '--stale'], 'The option --url needs a value: give --url <pattern>'],
    [['--url='], 'The option --url needs a value: give --url <pattern>'],
    [['--url', 'a', '--url', 'b'], 'The option --url is given twice: give it once'],
    [['--no-stale'], 'There is no option --no-stale: see --help'],
    [['--__proto__', 'x'], 'There is no option --__proto__: see --help'],
  ])('%j are refused in a sentence', (args, sentence) => expect(() => read(...args)).toThrow(sentence));
});
