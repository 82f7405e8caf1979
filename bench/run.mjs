// @ts-check
import { parseArgs } from 'node:util';
import { axiosHits } from './axios-hits.mjs';
import { compare } from './compare.mjs';
import { diskReads } from './disk-reads.mjs';
import { gotHits } from './got-hits.mjs';
import { report } from './report.mjs';
import { startOrigin } from './start-origin.mjs';
import { compareStreams } from './streams.mjs';
import { withTemporaryFolder } from './temporary-folder.mjs';

const usage = `Usage: npm run bench [-- [--json] [--quick]]

Measures hits and streams beside what they cannot be faster than.

  --json   print the figures as JSON
  --quick  fewer rounds, for a first look
  --help   print this`;

const given = readArguments();
if (given instanceof Error) {
  console.error(`${given.message}\n\n${usage}`);
  process.exitCode = 2;
} else if (given.help) {
  console.log(usage);
} else {
  await report(measure(given.quick), given);
}

function readArguments() {
  const options = /** @type {const} */ ({
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @param {boolean} quick */
async function* measure(quick) {
  const effort = quick ? { rounds: 10, turnMs: 30 } : { rounds: 40, turnMs: 100 };
  const origin = await startOrigin();
  try {
    for (const [client, hits] of Object.entries({ axios: axiosHits, got: gotHits })) {
      for (const kilobytes of [1, 10]) {
        yield await withTemporaryFolder(async (folder) => {
          const contenders = await hits({ origin: origin.url, folder, kilobytes });
          return await compare(`${client}: ${kilobytes} KB of JSON`, contenders, effort);
        });
      }
    }
    yield await withTemporaryFolder(async (folder) => {
      const contenders = await diskReads({ origin: origin.url, folder });
      return await compare('The disk manager alone: 10 KB', contenders, effort);
    });
    const rounds = quick ? 2 : 7;
    yield* await withTemporaryFolder((folder) => compareStreams({ origin: origin.url, folder, rounds }));
  } finally {
    origin.stop();
  }
}
