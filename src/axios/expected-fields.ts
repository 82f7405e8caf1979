import type { InternalAxiosRequestConfig } from 'axios';
import type { OutgoingHttpHeaders } from 'node:http';

/** Fields that axios's adapter adds where the caller gives none. */
export const addedNames = ['User-Agent', 'Accept-Encoding'] as const;

type AxiosFields = InternalAxiosRequestConfig['headers'];
type AddedField = readonly [name: string, value: string];

/** The fields of a config as they were, and what becomes of them. */
interface KnownFields {
  readonly names: readonly string[];
  readonly values: readonly unknown[];
  /** What the adapter adds to them. */
  readonly added: readonly AddedField[];
  /** What is sent; `undefined` where it cannot be told. */
  readonly sent: OutgoingHttpHeaders | undefined;
}

/**
 * Tells what fields the adapter will send. Most requests of an instance have the same ones, so the last answer is kept,
 * and is the same object for the same fields.
 */
export class ExpectedFields {
  readonly #byAdapter: readonly AddedField[];
  #last: KnownFields | undefined;

  /** @param byAdapter - What the adapter gives for {@link addedNames}. */
  constructor(byAdapter: readonly AddedField[]) {
    this.#byAdapter = byAdapter;
  }

  /** What is sent; `undefined` where it cannot be told. As the adapter does, sets what it adds in the config itself. */
  expect(fields: AxiosFields): OutgoingHttpHeaders | undefined {
    const names = Object.keys(fields);
    const last = this.#last;
    if (last === undefined || !areSame(last, names, fields)) return this.#learn(names, fields);
    for (const [name, value] of last.added) fields[name] = value;
    return last.sent;
  }

  #learn(names: readonly string[], fields: AxiosFields): OutgoingHttpHeaders | undefined {
    const before = new Map(names.map((name): [string, unknown] => [name, fields[name]]));
    for (const [name, value] of this.#byAdapter) fields.set(name, value, false);
    const added: AddedField[] = [];
    let sent: OutgoingHttpHeaders | undefined = {};
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined || value === null || value === false) continue;
      if (typeof value !== 'string' || name.toLowerCase() === 'host') {
        sent = undefined;
        continue;
      }
      if (before.get(name) !== value) added.push([name, value]);
      if (sent !== undefined) sent[name] = value;
    }
    this.#last = { names, values: [...before.values()], added, sent };
    return sent;
  }
}

function areSame(known: KnownFields, names: readonly string[], fields: AxiosFields): boolean {
  if (names.length !== known.names.length) return false;
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at] ?? '';
    if (name !== known.names[at] || fields[name] !== known.values[at]) return false;
  }
  return true;
}
