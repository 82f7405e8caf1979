// @ts-check
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { chartsOf } from './charts.mjs';
import { makePage } from './make-page.mjs';

const page = new URL('../../docs/benchmarks.md', import.meta.url);
const charts = new URL('../../docs/charts/', import.meta.url);

/**
 * Writes the page of figures, and its charts beside it.
 *
 * @param {import('../result.mjs').Figures} figures
 */
export async function writePage(figures) {
  await rm(charts, { recursive: true, force: true });
  await mkdir(charts, { recursive: true });
  for (const { file, svg } of chartsOf(figures)) await writeFile(new URL(file, charts), svg);
  await writeFile(page, await makePage(figures));
}
