import { isFieldName } from '../core/field-name.ts';
import { show } from './check-option.ts';

/**
 * Checks the option `targetedCacheControl` (RFC 9213 §2.2); gives the names in lower case.
 *
 * @throws TypeError unless it is an array of field names, each once, without `Cache-Control`, or absent.
 */
export function checkTargetList(value: unknown = []): readonly string[] {
  const remedy =
    "give an array of field names other than Cache-Control, each once, as in ['CDN-Cache-Control']";
  if (!Array.isArray(value)) {
    throw new TypeError(`The option targetedCacheControl is ${show(value)}: ${remedy}`);
  }
  const names = new Set<string>();
  for (const item of value) {
    const name = typeof item === 'string' ? item.toLowerCase() : '';
    if (!isFieldName(name) || name === 'cache-control' || names.has(name)) {
      throw new TypeError(`The option targetedCacheControl has ${show(item)}: ${remedy}`);
    }
    names.add(name);
  }
  return [...names];
}
