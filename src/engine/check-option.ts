/** A value as an error message quotes it: short, and on one line. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** @throws TypeError unless the value is an object. */
export function checkObject(value: unknown, name: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new TypeError(`The options of ${name} are ${show(value)}: give an object`);
}

/** @throws TypeError when the object has a property that is not among the known ones. */
export function checkKnown(value: object, known: readonly string[], name: string): void {
  for (const property of Object.keys(value)) {
    if (!known.includes(property)) {
      throw new TypeError(`Unknown option ${show(property)} of ${name}: it takes ${known.join(', ')}`);
    }
  }
}

/** @throws TypeError unless the value is a function or absent. */
export function checkFunction(value: unknown, name: string): void {
  if (value === undefined || typeof value === 'function') return;
  throw new TypeError(`The option ${name} is ${show(value)}: give a function`);
}

/** @throws TypeError or RangeError unless the value is a number of milliseconds or absent. */
export function checkDuration(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number')
    throw new TypeError(`The option ${name} is ${show(value)}: give a number of milliseconds`);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new RangeError(`The option ${name} is ${value}: give 0 or more milliseconds`);
}

/** @throws TypeError unless the value is one of those allowed, or absent. */
export function checkOneOf<T extends string>(
  value: unknown,
  name: string,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new TypeError(`The option ${name} is ${show(value)}: give one of ${allowed.join(', ')}`);
}

/** @throws TypeError unless the value is a boolean or absent. */
export function checkBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new TypeError(`The option ${name} is ${show(value)}: give true or false`);
}

/** @throws TypeError or RangeError unless the value is a number of bytes or absent. */
export function checkBytes(value: unknown, name: string): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return value;
  if (typeof value === 'number') throw new RangeError(`The option ${name} is ${value}: give 0 or more bytes`);
  throw new TypeError(`The option ${name} is ${show(value)}: give 0 or more bytes`);
}

/** @throws TypeError unless the value is an array of texts that are not empty. */
export function checkNames(value: unknown, name: string, expected = 'an array of names'): void {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string' || item === '')) {
    throw new TypeError(`The option ${name} is ${show(value)}: give ${expected}`);
  }
}
