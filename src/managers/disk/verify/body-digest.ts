import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import { asyncAccess } from '../files/file-access.ts';
import { BLOCK_SIZE, digestOfTable, TableMaker } from '../format/block-table.ts';
import type { Verification } from './verification.ts';

/**
 * The digest of the body in a file, which is read whole unless that was done before under another of its names;
 * `undefined` for a file that has another size by now.
 */
export async function bodyDigest(run: Verification, path: string, stats: Stats): Promise<string | undefined> {
  const known = run.bodies.get(stats);
  if (known !== undefined) return known;
  const descriptor = await asyncAccess.open(path, stats.size);
  if (descriptor === undefined) return undefined;
  try {
    const digest = await readDigest(run, descriptor);
    run.bodies.set(stats, digest);
    return digest;
  } finally {
    await fs.close(descriptor);
  }
}

async function readDigest(run: Verification, descriptor: number): Promise<string> {
  const table = new TableMaker();
  const chunk = Buffer.allocUnsafeSlow(BLOCK_SIZE);
  for (let position = 0; ;) {
    const { bytesRead } = await fs.read(descriptor, chunk, 0, BLOCK_SIZE, position);
    if (bytesRead === 0) return digestOfTable(table.finish());
    position += bytesRead;
    table.update(chunk.subarray(0, bytesRead));
    run.read(bytesRead);
  }
}
