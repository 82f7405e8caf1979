import type { FieldLine, FieldLines, HttpResponseHead, ResponseHead } from './message.ts';
import { unstorableNames } from './storable-fields.ts';

/** Fields that describe the stored bytes as they are; a 304 has other bytes in mind (RFC 9111 §3.2, RFC 9530 §2). */
const boundToBody: ReadonlySet<string> = new Set([
  'content-digest',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-range',
]);

/** Fields that say when a message was made. Those of the stored response do not hold for the 304 that now confirms it. */
const aboutTheMessage: readonly string[] = ['age', 'date'];

/**
 * A stored response with the fields of the 304 that confirmed it (RFC 9111 §3.2): each field that the 304 has takes the
 * place of the stored lines of that name, new ones follow behind, and the rest stays, the status too.
 */
export function freshenHead(stored: HttpResponseHead, answer: ResponseHead): HttpResponseHead {
  const unstorable = unstorableNames(answer.headers);
  const updates = new Map<string, FieldLine[]>();
  for (const name of aboutTheMessage) updates.set(name, []);
  for (const line of answer.headers) {
    const name = line[0].toLowerCase();
    if (unstorable.has(name) || boundToBody.has(name)) continue;
    const lines = updates.get(name);
    if (lines === undefined) updates.set(name, [line]);
    else lines.push(line);
  }
  return { ...stored, headers: mergeFields(stored.headers, updates) };
}

function mergeFields(stored: FieldLines, updates: Map<string, FieldLine[]>): FieldLines {
  const merged: FieldLine[] = [];
  const placed = new Set<string>();
  for (const line of stored) {
    const name = line[0].toLowerCase();
    const lines = updates.get(name);
    if (lines === undefined) merged.push(line);
    else if (!placed.has(name)) merged.push(...lines);
    placed.add(name);
  }
  for (const [name, lines] of updates) if (!placed.has(name)) merged.push(...lines);
  return merged;
}
