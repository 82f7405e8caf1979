/** A copy of plain data that shares nothing with it and never changes, and about how many bytes it takes. */
export interface FrozenCopy<T> {
  /** The copy. */
  readonly value: T;
  /** Length of its JSON, which is near enough to what it takes in memory. */
  readonly size: number;
}

/** Copies what JSON can carry and freezes the copy all the way down, so that it can be handed out again and again. */
export function frozenCopy<T extends object>(data: T): FrozenCopy<T> {
  const json = JSON.stringify(data);
  const value: T = JSON.parse(json);
  freezeDeeply(value);
  return { value, size: json.length };
}

/** Freezes plain data all the way down. */
export function freezeDeeply(value: object): void {
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const member of members) if (typeof member === 'object' && member !== null) freezeDeeply(member);
  Object.freeze(value);
}
