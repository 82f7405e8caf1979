/** Changes everything that can be changed in what a caller got, and in all that it holds. */
export function spoil(value: unknown, spoilt: Set<object> = new Set()): void {
  if (typeof value !== 'object' || value === null || spoilt.has(value)) return;
  spoilt.add(value);
  if (value instanceof Uint8Array) {
    value.fill(0x21);
    return;
  }
  for (const name of Object.keys(value)) {
    spoil(Reflect.get(value, name), spoilt);
    Reflect.set(value, name, 'spoilt');
  }
  if (Array.isArray(value)) {
    if (Object.isExtensible(value)) value.push('spoilt');
  } else Reflect.set(value, 'x-spoilt', 'spoilt');
}
