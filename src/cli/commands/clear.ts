import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { HttpCache } from '../../http-cache.ts';
import { folderOperand, type Call, type Command } from '../command.ts';
import { CommandError, exitCodes, UsageError } from '../command-errors.ts';
import { mustBeOwn } from '../store/must-be-own.ts';
import { openToRead } from '../store/open-existing-store.ts';
import { visible } from '../text/visible.ts';
import { withStoreToChange } from '../with-store.ts';

/** Removes everything. */
export const clear: Command = {
  name: 'clear',
  summary: 'remove everything that is stored',
  operands: [folderOperand],
  options: [{ name: 'yes', says: 'do not ask' }],
  details: [
    'Asks first, on a terminal; without one it needs --yes. Only what the store has made is removed: the folder stays, and so does what others have put into it.',
    'Programs may go on with the folder meanwhile. What they are fetching is stored when it has come.',
  ],
  examples: [{ line: 'http-larder clear .cache/http --yes', says: 'without a question' }],
  nothing: 'the question was answered with no',
  run: clearStore,
};

async function clearStore(call: Call): Promise<number> {
  const { given, stderr } = call;
  if (!given.flag('yes') && !(await isConfirmed(call))) {
    await stderr.line('Nothing was removed.');
    return exitCodes.nothing;
  }
  await withStoreToChange(call, async ({ store: manager }) => await new HttpCache({ manager }).clear());
  return exitCodes.ok;
}

async function isConfirmed({ given, surroundings }: Call): Promise<boolean> {
  const { stdin, stderr, signal } = surroundings;
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    throw new UsageError('There is no terminal to ask on whether to remove everything: give --yes to do it');
  }
  const [folder = ''] = given.operands;
  // A folder that cannot be used is told of before anything is asked.
  await openToRead(folder, given.flag('trust-directory'));
  await mustBeOwn(folder);
  const question = createInterface({ input: stdin, output: stderr });
  let isInterrupted = false;
  // A terminal that is asked on gives Ctrl-C as input, and not as a signal.
  question.once('SIGINT', () => {
    isInterrupted = true;
    question.close();
  });
  const isLeft = once(question, 'close').then(() => undefined);
  try {
    const shown = visible(JSON.stringify(folder));
    const asked = question
      .question(`Remove everything that is stored in ${shown}? [y/N] `, { signal })
      // By Ctrl-D, unless the whole program is to end.
      .catch(() => signal.throwIfAborted());
    const answer = await Promise.race([asked, isLeft]);
    if (answer !== undefined) return /^y(es)?$/i.test(answer.trim());
    stderr.write('\n');
    if (isInterrupted) throw new CommandError(exitCodes.interrupted, 'Interrupted: nothing was removed');
    return false;
  } finally {
    question.close();
  }
}
