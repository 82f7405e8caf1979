// @ts-check
import { writePage } from './page/write-page.mjs';
import { isMeasured } from './result.mjs';
import { readFigures, writeFigures } from './saved-figures.mjs';
import { sections } from './sections.mjs';

/**
 * Keeps what was measured. Sections that were not run stay as they were, and rows that have no figures are left out.
 *
 * @param {import('./result.mjs').Figures} figures
 */
export async function save(figures) {
  const run = new Set(figures.comparisons.map(({ section }) => section));
  const before = await readFigures().catch(() => undefined);
  const others = before?.comparisons.filter(({ section }) => !run.has(section)) ?? [];
  const measured = figures.comparisons.map((one) => ({ ...one, rows: one.rows.filter(isMeasured) }));
  const all = [...measured, ...others];
  const comparisons = sections.flatMap(({ name }) => all.filter(({ section }) => section === name));
  await writeFigures({ ...figures, comparisons });
  // From what is kept: it has fewer digits.
  await writePage(await readFigures());
}
