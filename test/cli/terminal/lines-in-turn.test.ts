import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { LinesInTurn } from '../../../src/cli/terminal/lines-in-turn.ts';
import { Output } from '../../../src/cli/terminal/output.ts';

it('prints lines in their order, however slowly they are read', async () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const lines = new LinesInTurn(new Output(stream));
  for (const line of ['a', 'b', 'c']) lines.print(line);
  const read: string[] = [];
  stream.on('data', (bytes: Buffer) => read.push(bytes.toString()));
  await lines.printed();
  expect([read.join(''), lines.leftOut]).toEqual(['a\nb\nc\n', 0]);
});

it('leaves out and counts what comes while too many lines wait, and then goes on', async () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const lines = new LinesInTurn(new Output(stream), 2);
  for (const line of ['a', 'b', 'c', 'd']) lines.print(line);
  const read: string[] = [];
  stream.on('data', (bytes: Buffer) => read.push(bytes.toString()));
  await lines.printed();
  lines.print('e');
  await lines.printed();
  expect([read.join(''), lines.leftOut]).toEqual(['a\nb\ne\n', 2]);
});
