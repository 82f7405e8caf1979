import { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import type { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { type Operation, storedBefore } from './operations.ts';
import { toldPolicy, toldResponse } from './told-bodies.ts';

/** What an operation may take however slow the machine is, in milliseconds. */
const PATIENCE = 20_000;
const MAX_SIZE = 1_000_000;

/** What is to be found when an operation has changed nothing. */
export function unchanged(operation: Operation): Operation['mustFind'] {
  return Object.fromEntries(storedBefore(operation).map(({ key, version }) => [key, version]));
}

/** Opens the store of an operation. */
export function openStore(operation: Operation, path: string, clock: SettableClock): StreamingManager {
  return new StreamingManager({ minFree: 0, maxSize: MAX_SIZE, ...operation.options, path, clock });
}

/** Stores the version `new` under a key. */
export async function storeNew(manager: StreamingManager, key: string, size: number): Promise<void> {
  const told = { key, version: 'new', size };
  await inTime(manager.put(key, toldResponse(told), toldPolicy(told)));
}

/** Rejects when something takes so long that it will never come. */
export async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('wrong: it hangs')), PATIENCE);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What there is to know of an error. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
