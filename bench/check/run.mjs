// @ts-check
import { measure } from '../measure.mjs';
import { chosenSections } from '../options.mjs';
import { readFigures } from '../saved-figures.mjs';
import { losses, notCompared } from './losses.mjs';
import { readCheckOptions, usage } from './options.mjs';

const options = optionsOrError();
if (options instanceof Error) {
  console.error(`${options.message}\n\n${usage}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(usage);
} else {
  const { comparisons: kept } = await readFigures();
  const first = await measured(options.only);
  for (const text of notCompared(kept, first)) console.error(`Not compared: ${text}`);
  const suspected = losses(kept, first);
  for (const { text } of suspected) console.log(`To be measured again: ${text}`);
  // Noise seldom hits the same row twice; a loss is there each time.
  const again = [...new Set(suspected.map(({ section }) => section))];
  const confirmed =
    again.length === 0
      ? []
      : losses(kept, await measured(chosenSections(again.join(',')))).filter(({ id }) =>
          suspected.some((one) => one.id === id),
        );
  for (const { text } of confirmed) console.error(`Worse than what is kept: ${text}`);
  if (confirmed.length > 0) process.exitCode = 1;
  else console.log('Nothing is worse than what is kept, beyond noise');
}

/** @param {ReturnType<typeof chosenSections>} only */
async function measured(only) {
  console.log(`Measuring ${only.map(({ name }) => name).join(', ')}`);
  const comparisons = [];
  for await (const comparison of measure({ only, quick: false })) comparisons.push(comparison);
  return comparisons;
}

function optionsOrError() {
  try {
    return readCheckOptions();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
