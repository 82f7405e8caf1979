import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirementFaults } from './requirement-faults.ts';
import { requirementRows } from './requirement-rows.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = 'docs/security.md';

describe('the page of threats', () => {
  it('has a row for each', () => expect(requirementRows(join(root, page)).length).toBeGreaterThanOrEqual(22));

  it('names files and tests that are there', () => expect(requirementFaults(root, page)).toEqual([]));
});
