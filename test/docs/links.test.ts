import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { linkFaults } from './links.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the links of the documentation', () => {
  it('lead to files and headings that are there', () => expect(linkFaults(root)).toEqual([]));

  it('are told by page and line when they do not', () => {
    const tree = mkdtempSync(join(tmpdir(), 'http-larder-links-'));
    mkdirSync(join(tree, 'docs'));
    writeFileSync(
      join(tree, 'README.md'),
      '# A `b` c\n[one](docs/one.md#first-part) [here](#a-b-c)\n[no](docs/two.md)',
    );
    writeFileSync(
      join(tree, 'docs/one.md'),
      '# First part\n[up](../README.md) [no](#second-part) [web](https://a.test/)',
    );
    expect(linkFaults(tree)).toEqual([
      'README.md:3 links to docs/two.md',
      'docs/one.md:2 links to #second-part',
    ]);
    rmSync(tree, { recursive: true });
  });
});
