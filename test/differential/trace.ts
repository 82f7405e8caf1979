import type { EventEmitter } from 'node:events';
import type { Describe, Description } from './description.ts';

/** What happened in the course of a run, in its order. */
export interface Trace {
  /** Notes that something happened. The same thing several times in a row counts once: chunks fall as they will. */
  readonly note: (event: string, ...details: readonly unknown[]) => void;
  /** Notes each of these events of an emitter, without their arguments; of an error, what it says. */
  readonly watch: (emitter: EventEmitter, name: string, events: readonly string[]) => void;
  /** What was noted so far. */
  readonly events: readonly Description[];
}

export function startTrace(describe: Describe): Trace {
  const events: Description[] = [];
  let last = '';
  const note = (event: string, ...details: readonly unknown[]): void => {
    const entry = details.length === 0 ? event : [event, ...details.map(describe)];
    const text = JSON.stringify(entry);
    if (text !== last) events.push(entry);
    last = text;
  };
  return {
    events,
    note,
    watch: (emitter, name, watched) => {
      for (const event of watched) {
        emitter.on(event, (detail: unknown) => {
          note(`${name} ${event}`, ...(detail instanceof Error ? [`${detail.name}: ${detail.message}`] : []));
        });
      }
    },
  };
}
