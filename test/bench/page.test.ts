import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { chartFile, hasChart } from '../../bench/page/charts.mjs';
import { makePage } from '../../bench/page/make-page.mjs';
import { readFigures } from '../../bench/saved-figures.mjs';
import { sections } from '../../bench/sections.mjs';

const docs = new URL('../../docs/', import.meta.url);

it('is what the figures that are kept say', async () => {
  const page = await readFile(new URL('benchmarks.md', docs), 'utf8');
  expect(page).toBe(await makePage(await readFigures()));
});

it('has a chart of each comparison with other caches, and no other', async () => {
  const { comparisons } = await readFigures();
  const charts = await readdir(new URL('charts/', docs));
  expect(charts.toSorted()).toEqual(comparisons.filter(hasChart).map(chartFile).toSorted());
});

it('has every section', async () => {
  const { comparisons } = await readFigures();
  expect(new Set(comparisons.map(({ section }) => section))).toEqual(
    new Set(sections.map(({ name }) => name)),
  );
});
