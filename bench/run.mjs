// @ts-check
import { readOptions, usage } from './options.mjs';
import { report } from './report.mjs';
import { runSection } from './run-section.mjs';
import { sections } from './sections.mjs';
import { startOrigin } from './start-origin.mjs';

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
  const effort = quick ? { rounds: 10, turnMs: 15 } : { rounds: 48, turnMs: 25 };
  const { url: origin, stop } = await startOrigin();
  try {
    for (const { name } of only) yield* runSection(name, { origin, effort, quick, entries });
  } finally {
    stop();
  }
}
