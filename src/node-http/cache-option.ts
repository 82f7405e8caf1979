import { checkKnown, checkObject, show } from '../engine/check-option.ts';
import { engineSymbol } from '../engine/engine-symbol.ts';
import type { Engine } from '../engine/exchange.ts';

/**
 * The cache that a client's options name, or one made by their measure.
 *
 * @param options - `{ cache }`, or what `create` takes.
 * @param name - Where the options are given, for the error.
 * @throws TypeError for a `cache` that is none, and for further options beside one.
 */
export function cacheFrom<Cache extends object, Options extends object>(
  options: { readonly cache: Cache } | Options,
  { name, create }: { readonly name: string; readonly create: (options: Options) => Cache },
): Cache {
  checkObject(options, name);
  if (!('cache' in options)) return create(options);
  checkKnown(options, ['cache'], `${name} beside cache`);
  engineOf(options.cache);
  return options.cache;
}

/**
 * The engine of an `HttpCache`, also of one that another copy of this package made.
 *
 * @throws TypeError for anything else.
 */
export function engineOf(cache: unknown): Engine {
  const engine: unknown =
    typeof cache === 'object' && cache !== null ? Reflect.get(cache, engineSymbol) : undefined;
  if (isEngine(engine)) return engine;
  throw new TypeError(`The option cache is ${show(cache)}: give an HttpCache`);
}

function isEngine(value: unknown): value is Engine {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'begin') === 'function';
}
