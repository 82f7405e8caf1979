import type { ClientRequest, OutgoingHttpHeaders } from 'node:http';
import type { FieldLine, FieldLines } from '../core/message.ts';

/** What `setHeader` takes. */
export type FieldValue = number | string | readonly string[];

/** The header section of a request that can still be changed, and the changes to make to one made before them. */
export class RequestFields {
  #lines: readonly FieldLine[];
  #changed: Set<string> | undefined;

  constructor(lines: FieldLines) {
    this.#lines = lines;
  }

  /** The field lines as they are now. */
  get lines(): FieldLines {
    return this.#lines;
  }

  get(name: string): string | string[] | undefined {
    const values = this.#values(name.toLowerCase());
    return values.length > 1 ? values : values[0];
  }

  /** As in Node, a field that is set anew keeps its place. */
  set(name: string, value: FieldValue): void {
    const at = this.#lines.findIndex(isNamed(name));
    this.remove(name);
    this.#lines = this.#lines.toSpliced(at === -1 ? this.#lines.length : at, 0, ...linesOf(name, value));
  }

  /** As in Node, further lines go where the field is, under the name that it has. */
  append(name: string, value: FieldValue): void {
    const at = this.#lines.findLastIndex(isNamed(name));
    const [known = name] = this.#lines[at] ?? [];
    this.#lines = this.#lines.toSpliced(at === -1 ? this.#lines.length : at + 1, 0, ...linesOf(known, value));
    (this.#changed ??= new Set()).add(known);
  }

  remove(name: string): void {
    const isRemoved = isNamed(name);
    this.#lines = this.#lines.filter((line) => !isRemoved(line));
    (this.#changed ??= new Set()).add(name);
  }

  /** The names, each once, in the case they were given in. */
  names(): string[] {
    const names = new Map(this.#lines.map(([name]) => [name.toLowerCase(), name]));
    return [...names.values()];
  }

  /** As `request.getHeaders()` gives them. */
  toObject(): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = Object.create(null);
    for (const name of this.names()) headers[name.toLowerCase()] = this.get(name);
    return headers;
  }

  /** Makes the changes to a request that was made from the lines as they were at first. */
  applyChanges(request: ClientRequest): void {
    for (const name of this.#changed ?? []) {
      const value = this.get(name);
      if (value === undefined) request.removeHeader(name);
      else request.setHeader(name, value);
    }
  }

  #values(lowerName: string): string[] {
    const values: string[] = [];
    for (const [name, value] of this.#lines) if (name.toLowerCase() === lowerName) values.push(value);
    return values;
  }
}

function isNamed(name: string): (line: FieldLine) => boolean {
  const lowerName = name.toLowerCase();
  return ([other]) => other.toLowerCase() === lowerName;
}

function linesOf(name: string, value: FieldValue): FieldLine[] {
  const values: readonly (number | string)[] = typeof value === 'object' ? value : [value];
  return values.map((one) => [name, String(one)]);
}

/** Sets field lines on a request that was not sent yet, in place of those of the same names. */
export function setFields(request: ClientRequest, lines: FieldLines): void {
  const byName = new Map<string, string[]>();
  for (const [name, value] of lines) {
    const values = byName.get(name);
    if (values === undefined) byName.set(name, [value]);
    else values.push(value);
  }
  for (const [name, values] of byName)
    request.setHeader(name, values.length > 1 ? values : (values[0] ?? ''));
}
