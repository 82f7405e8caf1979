// @ts-check
import { readOptions, usage } from './options.mjs';
import { report } from './report.mjs';
import { sections } from './sections.mjs';
import { startOrigin } from './start-origin.mjs';
import { withTemporaryFolder } from './temporary-folder.mjs';

const options = optionsOrError();
if (options instanceof Error) {
  console.error(`${options.message}\n\n${usage}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(usage);
} else if (options.list) {
  for (const { name, about } of sections) console.log(`${name.padEnd(24)}${about}`);
} else {
  await report(measure(options), options);
}

function optionsOrError() {
  try {
    return readOptions();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @param {ReturnType<typeof readOptions>} options */
async function* measure({ only, quick, entries }) {
  const effort = quick ? { rounds: 10, turnMs: 30 } : { rounds: 40, turnMs: 100 };
  const { url: origin, stop } = await startOrigin();
  try {
    for (const section of only) {
      yield* section.run({ origin, folder: withTemporaryFolder, effort, quick, entries });
    }
  } finally {
    stop();
  }
}
