// @ts-check
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from '../compare.mjs';
import { diskReads } from '../disk-reads.mjs';
import { report } from '../report.mjs';
import { startOrigin } from '../start-origin.mjs';
import { withTemporaryFolder } from '../temporary-folder.mjs';
import { compareLargeBodies } from './large-bodies.mjs';
import { compareSizes } from './scale.mjs';
import { diskUpdates } from './updates.mjs';

const usage = `Usage: npm run bench:disk [-- [--entries <n,n,...>] [--json] [--quick]]

Measures the disk store beside raw files and cacache, and by the number of its entries.

  --entries <n,n,...>  sizes of the stores, the first being what the others are compared with
                       (1000,100000,1000000; a million take 4 GB of disk and as many inodes)
  --json               print the figures as JSON
  --quick              fewer rounds and smaller stores, for a first look
  --help               print this`;

const given = readArguments();
if (given instanceof Error) {
  console.error(`${given.message}\n\n${usage}`);
  process.exitCode = 2;
} else if (given.help) {
  console.log(usage);
} else {
  await report(measure(given), given);
}

function readArguments() {
  const options = /** @type {const} */ ({
    entries: { type: 'string' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  try {
    const { values } = parseArgs({ options });
    const sizes = (values.entries ?? (values.quick ? '1000,20000' : '1000,100000,1000000'))
      .split(',')
      .map(Number);
    if (sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) {
      throw new RangeError(
        `--entries is ${values.entries}: give whole numbers from 1, with commas between them`,
      );
    }
    return { ...values, sizes };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @param {{ quick: boolean, sizes: readonly number[] }} options */
async function* measure({ quick, sizes }) {
  const effort = quick ? { rounds: 10, turnMs: 30 } : { rounds: 40, turnMs: 100 };
  const origin = await startOrigin();
  try {
    yield await withTemporaryFolder(async (folder) => {
      const contenders = await diskReads({ origin: origin.url, folder });
      return await compare('A look-up, 10 KB', contenders, effort);
    });
    yield await withTemporaryFolder(async (folder) => {
      const contenders = await diskUpdates({ origin: origin.url, folder });
      return await compare('Freshening an entry of 10 KB', contenders, { ...effort, by: 'elapsed' });
    });
    for (const megabytes of quick ? [64] : [64, 256]) {
      yield* await withTemporaryFolder(
        async (folder) =>
          await compareLargeBodies({
            origin: origin.url,
            folder: join(folder, String(megabytes)),
            megabytes,
            rounds: quick ? 3 : 11,
          }),
      );
    }
    yield* await withTemporaryFolder(
      async (folder) => await compareSizes({ origin: origin.url, folder, sizes, rounds: quick ? 5 : 21 }),
    );
  } finally {
    origin.stop();
  }
}
