// @ts-check
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { root } from './public-entries.mjs';

/** A package, or a module of Node's: whatever is not a path. */
const packages = /^[^./]/;

/** What all or most entries need, each in one file: left to itself, every combination of entries would get one of its own. */
const shared = [
  { name: 'foundations', test: /\/src\/(errors|core\/(assert-never|is-error|cache-key|lease-key))\.ts$/ },
  { name: 'managers', test: /\/src\/managers\/(?!buffer|gathered|check-)[^/]+\.ts$/ },
  // Only those need it that take a manager of three methods.
  { name: 'buffering', test: /\/src\/managers\/(buffer|gathered|check-)[^/]+\.ts$/ },
];

/**
 * Bundles modules of src/ into few files, what several of them need into files of its own: an import that opens hundreds
 * of small ones takes longer than all of their code. What other packages hold stays theirs.
 *
 * @param {Readonly<Record<string, string>>} input The module of each output, by its name without extension.
 * @param {{ readonly folder: string, readonly format: 'esm' | 'cjs' }} output
 */
export async function bundle(input, { folder, format }) {
  const bundled = await rolldown({
    cwd: fileURLToPath(root),
    input: { ...input },
    external: (id, importer) => importer !== undefined && packages.test(id),
    platform: 'node',
    transform: { target: 'es2023' },
    tsconfig: false,
  });
  await bundled.write({
    dir: fileURLToPath(new URL(folder, root)),
    format,
    // Compilers that turn `import` into `require` take a default export for one only where this says so.
    esModule: true,
    sourcemap: true,
    // What stands behind them is shipped beside them, for debuggers that follow the map.
    sourcemapExcludeSources: true,
    comments: { legal: true, annotation: true, jsdoc: false },
    // Names of classes and functions are read in stack traces and by users.
    keepNames: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name].js',
    codeSplitting: { groups: shared },
  });
  await bundled.close();
}
