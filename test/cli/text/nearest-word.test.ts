import { expect, it } from 'vitest';
import { nearestWord } from '../../../src/cli/text/nearest-word.ts';

const words = ['ls', 'show', 'rm', 'clear', 'stats', 'verify'];

it.each([
  ['shwo', 'show'],
  ['sl', 'ls'],
  ['lss', 'ls'],
  ['stat', 'stats'],
  ['verfiy', 'verify'],
  ['clera', 'clear'],
  ['ver', 'verify'],
])('%s is near to %s', (misspelt, word) => expect(nearestWord(misspelt, words)).toBe(word));

it.each(['', 'banana', 'x'.repeat(1_000)])('nothing is near to %j', (misspelt) =>
  expect(nearestWord(misspelt, words)).toBeUndefined(),
);
