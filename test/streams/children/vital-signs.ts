import { readdirSync } from 'node:fs';
import { openFiles } from '../open-files.ts';
import { type Agent, globalAgent } from 'node:http';
import { setImmediate } from 'node:timers/promises';

/** What a process holds, apart from memory. */
export interface VitalSigns {
  /** How many descriptors are open; 0 where the system does not tell. */
  readonly descriptors: number;
  /** The files among them, with their paths, but for those of the system. */
  readonly files: readonly string[];
  /** What would keep the process running, by its kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Listeners on what all requests share. */
  readonly listeners: number;
}

/** Takes them. */
export function vitalSigns(): VitalSigns {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
    files: openFiles().filter((path) => /^\/(?!dev|proc)/.test(path)),
    resources,
    listeners: listenersOf(process) + listenersOf(globalAgent),
  };
}

/** The most listeners that any connection has that waits for its next request. */
export function listenersOfIdleConnections(): number {
  const { freeSockets }: Agent = globalAgent;
  const counts = Object.values(freeSockets).flatMap((sockets = []) => sockets.map(listenersOf));
  return Math.max(0, ...counts);
}

/** Waits until what was let go of is gone, for at most ten seconds. */
export async function settle(isSettled: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!isSettled() && performance.now() < end) await setImmediate();
}

function listenersOf(emitter: NodeJS.EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
