/** A copy of plain data that shares nothing with it and never changes, and about how many bytes it takes. */
export interface FrozenCopy<T> {
  /** The copy. */
  readonly value: T;
  /** About the length of its JSON, which is near enough to what it takes in memory. */
  readonly size: number;
}

/** Copies what JSON can carry and freezes the copy all the way down, so that it can be handed out again and again. */
export function frozenCopy<T extends object>(data: T): FrozenCopy<T>;
export function frozenCopy(data: object): FrozenCopy<unknown> {
  const tally = { size: 0 };
  return { value: copy(data, tally), size: tally.size };
}

/** Freezes plain data all the way down. */
export function freezeDeeply(value: object): void {
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const member of members) if (typeof member === 'object' && member !== null) freezeDeeply(member);
  Object.freeze(value);
}

interface Tally {
  size: number;
}

function copy(value: unknown, tally: Tally): unknown {
  if (value === null || typeof value === 'boolean') {
    tally.size += 4;
    return value;
  }
  if (typeof value === 'string') {
    tally.size += value.length + 2;
    return value;
  }
  if (typeof value === 'number' && Number.isFinite(value)) {
    tally.size += 5;
    // JSON has no negative zero.
    return value === 0 ? 0 : value;
  }
  if (Array.isArray(value)) return copyArray(value, tally);
  return typeof value === 'object' ? copyObject(value, tally) : byJson(value, tally);
}

function copyArray(values: readonly unknown[], tally: Tally): unknown {
  if ('toJSON' in values) return byJson(values, tally);
  const copies: unknown[] = [];
  for (const value of values) copies.push(copy(value, tally));
  tally.size += values.length + 1;
  return Object.freeze(copies);
}

function copyObject(data: object, tally: Tally): unknown {
  if (!isPlain(data)) return byJson(data, tally);
  const copies: Record<string, unknown> = {};
  for (const name of Object.keys(data)) {
    const value: unknown = Reflect.get(data, name);
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
    tally.size += name.length + 4;
    copies[name] = copy(value, tally);
  }
  tally.size += 1;
  return Object.freeze(copies);
}

/** Whether JSON would take it member by member, and a copy can be made so. */
function isPlain(data: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !('toJSON' in data) && !Object.hasOwn(data, '__proto__');
}

/** What is not plain becomes what JSON makes of it. */
function byJson(value: unknown, tally: Tally): unknown {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) return null;
  tally.size += json.length;
  const made: unknown = JSON.parse(json);
  if (typeof made === 'object' && made !== null) freezeDeeply(made);
  return made;
}
