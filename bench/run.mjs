// @ts-check
import { measure } from './measure.mjs';
import { readOptions, usage } from './options.mjs';
import { report } from './report.mjs';
import { save } from './save.mjs';
import { sections } from './sections.mjs';

const options = optionsOrError();
if (options instanceof Error) {
  console.error(`${options.message}\n\n${usage}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(usage);
} else if (options.list) {
  for (const { name, about } of sections) console.log(`${name.padEnd(24)}${about}`);
} else {
  const figures = await report(measure(options), options);
  if (options.save) await save(figures);
}

function optionsOrError() {
  try {
    return readOptions();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
