import type { ModuleImport, SourceModule } from './source-tree.ts';

/** What the modules of one layer may import. */
interface Layer {
  /** Which modules it has: the first layer of the table that matches a path. */
  readonly modules: RegExp;
  /** Which modules of the tree they may import. */
  readonly internal: RegExp;
  /** Which packages and modules of Node. */
  readonly external: RegExp;
}

const nothing = /^$/;

/** The layer table of docs/architecture.md. */
const layers: readonly Layer[] = [
  { modules: /^errors\.ts$/, internal: nothing, external: nothing },
  { modules: /^core\/policy\.ts$/, internal: /^(core\/|errors\.ts$)/, external: /^http-cache-semantics$/ },
  {
    modules: /^core\/(targeted-field|cache-groups)\.ts$/,
    internal: /^(core\/|errors\.ts$)/,
    external: /^structured-headers$/,
  },
  { modules: /^core\//, internal: /^(core\/|errors\.ts$)/, external: nothing },
  { modules: /^managers\/[^/]+$/, internal: /^(managers\/[^/]+$|core\/|errors\.ts$)/, external: /^node:/ },
  {
    modules: /^managers\/memory\//,
    internal: /^(managers\/([^/]+|memory\/.+)$|core\/|errors\.ts$)/,
    external: /^(node:.+|lru-cache)$/,
  },
  {
    modules: /^managers\/disk\//,
    internal: /^(managers\/([^/]+|disk\/.+)$|core\/|errors\.ts$)/,
    external: /^(node:.+|lru-cache|fs-extra)$/,
  },
  {
    modules: /^managers\/cacache\//,
    internal: /^(managers\/([^/]+|cacache\/.+)$|core\/|errors\.ts$)/,
    external: /^(node:.+|cacache)$/,
  },
  {
    modules: /^managers\/redis\//,
    internal: /^(managers\/([^/]+|redis\/.+)$|core\/|errors\.ts$)/,
    // The client is the user's: no library is named.
    external: /^node:/,
  },
  {
    modules: /^managers\/tiered\//,
    internal: /^(managers\/([^/]+|tiered\/.+)$|core\/|errors\.ts$)/,
    external: /^(node:.+|lru-cache)$/,
  },
  {
    modules: /^testing\//,
    internal:
      /^(testing\/|http-cache\.ts$|engine\/(engine-symbol|rate-limiter)\.ts$|managers\/manager\.ts$|core\/|errors\.ts$)/,
    external: /^node:/,
  },
  {
    modules: /^engine\//,
    // Managers of three methods stream by the same file wherever they are used.
    internal: /^(engine\/|managers\/(manager|buffered-manager|check-manager)\.ts$|core\/|errors\.ts$)/,
    // What is stored where is the managers' business.
    external: /^node:(?!fs)/,
  },
  {
    modules: /^node-http\//,
    internal: /^(node-http\/|engine\/|managers\/manager\.ts$|core\/|errors\.ts$)/,
    external: /^node:/,
  },
  {
    modules: /^rate-limiter\//,
    internal: /^(rate-limiter\/|engine\/(rate-limiter|check-option)\.ts$)/,
    external: nothing,
  },
  { modules: /^(index|http-cache)\.ts$/, internal: /./, external: /^node:/ },
  {
    modules: /^cli\//,
    internal:
      /^(cli\/|http-cache\.ts$|engine\/options\.ts$|managers\/(manager\.ts$|memory\/|disk\/)|core\/|errors\.ts$)/,
    external: /^node:/,
  },
  {
    modules: /^axios\/index\.ts$/,
    internal: /^(axios\/|http-cache\.ts$|node-http\/|engine\/|managers\/manager\.ts$|core\/|errors\.ts$)/,
    external: /^(node:.+|axios|follow-redirects)$/,
  },
  {
    modules: /^axios\//,
    internal: /^(axios\/|node-http\/|engine\/|managers\/manager\.ts$|core\/|errors\.ts$)/,
    external: /^(node:.+|axios|follow-redirects)$/,
  },
  {
    modules: /^got\/index\.ts$/,
    internal: /^(got\/|http-cache\.ts$|node-http\/|engine\/|managers\/manager\.ts$|core\/|errors\.ts$)/,
    external: /^(node:.+|got)$/,
  },
  {
    modules: /^got\//,
    internal: /^(got\/|node-http\/|engine\/|managers\/manager\.ts$|core\/|errors\.ts$)/,
    external: /^(node:.+|got)$/,
  },
];

/** Tells of every import that the layer table does not allow, and of every module that it does not know. */
export function layerFaults(modules: readonly SourceModule[]): readonly string[] {
  return modules.flatMap(({ path, imports }) => {
    const layer = layers.find((candidate) => candidate.modules.test(path));
    if (layer === undefined) return [`${path} is in no layer`];
    return imports
      .filter((imported) => !allows(layer, imported))
      .map((imported) => `${path} imports ${imported.specifier}`);
  });
}

function allows(layer: Layer, { specifier, target }: ModuleImport): boolean {
  return target === undefined ? layer.external.test(specifier) : layer.internal.test(target);
}
