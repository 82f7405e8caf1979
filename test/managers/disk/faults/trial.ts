import { setImmediate } from 'node:timers/promises';
import { isHttpCacheError } from '../../../../src/errors.ts';
import { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { auditStore } from './audit.ts';
import { copyTree } from './copy-tree.ts';
import type { FileRule } from './file-call.ts';
import { type Found, type Operation, type Stage, storedBefore } from './operations.ts';
import { LARGE, SMALL, toldPolicy, toldResponse, versionOf } from './told-bodies.ts';
import {
  callsUnderWay,
  closeDescriptorsOf,
  counted,
  descriptorsOf,
  plainFs,
  setRule,
} from './watched-files.ts';

/** When trials begin. Times of modification that the system gives are near it. */
const START = Date.now();
/** Longer than anything that is left behind may stay. */
const PAST_ALL_GRACE = 60 * 60_000;
/** What an operation may take however slow the machine is, in milliseconds. */
const PATIENCE = 20_000;
const MAX_SIZE = 1_000_000;

/** What came of performing an operation while calls failed. */
export interface Trial {
  /** How many calls there were while the rule held. */
  readonly calls: number;
  /** What should not have happened. */
  readonly faults: readonly string[];
}

/** How calls fail. */
export interface Manner {
  /** Whether the rule holds from before the manager is made. */
  readonly cold: boolean;
  /** Whether the error says what is not so, as that a file is not there: then success may be none. */
  readonly lies?: boolean;
  /** Whether the error says that there is no room: then what is stored later takes that of others. */
  readonly evicts?: boolean;
}

/** What is to be found after a trial, besides what the operation says. */
interface Expected {
  readonly mustFind?: Operation['mustFind'];
  /** Whether any entry may be gone. */
  readonly mayMiss: boolean;
}

/** Performs operations while rules make calls fail, and looks at what comes of it. */
export class Trials {
  readonly #folder: string;
  readonly #templates = new Map<Operation, string>();
  #names = 0;
  #faults: string[] = [];

  /** The folder must be the watched one. */
  constructor(folder: string) {
    this.#folder = folder;
    process.on('unhandledRejection', (error) => this.#faults.push(`unhandled rejection: ${String(error)}`));
    process.on('uncaughtException', (error) => this.#faults.push(`uncaught exception: ${String(error)}`));
    process.on('warning', (warning) => this.#faults.push(`warning: ${warning.message}`));
  }

  /**
   * Lets a rule hold while an operation is performed, and looks at what it and others find then.
   */
  async fail(
    operation: Operation,
    rule: FileRule,
    { cold, lies = false, evicts = false }: Manner,
  ): Promise<Trial> {
    const { name, path, stage } = await this.#begin(operation);
    const counting = counted(rule);
    let manager: StreamingManager | undefined;
    let succeeded = false;
    let rejected = false;
    try {
      if (cold) setRule(name, counting);
      manager = open(operation, path, stage.clock);
      if (!cold) {
        await operation.warmUp?.({ ...stage, manager });
        await manager.stats();
        setRule(name, counting);
      }
      const result = await inTime(operation.perform({ ...stage, manager }));
      succeeded = result !== false;
    } catch (error) {
      rejected = true;
      this.#judge(error);
    }
    await this.#quiet();
    setRule(name);
    const asItWas = rejected && operation.isAllOrNothing === true ? unchanged(operation) : undefined;
    const expected = {
      mustFind: lies ? undefined : succeeded ? operation.mustFind : asItWas,
      mayMiss: lies || evicts || operation.isFull === true,
    };
    if (manager !== undefined) await this.#goOn(operation, { manager, clock: stage.clock }, expected);
    if (descriptorsOf(name).length > 0) this.#faults.push(`left open: ${descriptorsOf(name).join(', ')}`);
    await this.#lookAfterwards(operation, { path, clock: stage.clock }, expected);
    return this.#end(path, counting.calls);
  }

  /** Lets the process die, as far as the store can see, behind a call, and looks at what another process finds. */
  async die(operation: Operation, lastCall: number, { cold }: { cold: boolean }): Promise<Trial> {
    const { name, path, stage } = await this.#begin(operation);
    const counting = counted(({ number }) => (number > lastCall ? { kind: 'freeze' } : undefined));
    try {
      if (cold) setRule(name, counting);
      const manager = open(operation, path, stage.clock);
      if (!cold) {
        await operation.warmUp?.({ ...stage, manager });
        await manager.stats();
        setRule(name, counting);
      }
      const performed = operation.perform({ ...stage, manager });
      performed.catch(() => {});
      await Promise.race([performed, this.#quiet(100)]);
    } catch {
      // A synchronous call cannot but throw instead of never returning.
    }
    await this.#quiet(20);
    const remains = `${path}-remains`;
    plainFs.mkdirSync(path, { recursive: true });
    plainFs.renameSync(path, remains);
    closeDescriptorsOf(name);
    await this.#lookAfterwards(
      operation,
      { path: remains, clock: stage.clock },
      { mayMiss: operation.isFull === true },
    );
    return this.#end(remains, counting.calls);
  }

  async #begin(
    operation: Operation,
  ): Promise<{ name: string; path: string; stage: { clock: SettableClock } }> {
    const template = await this.#template(operation);
    const name = `trial-${++this.#names}`;
    const path = `${this.#folder}/${name}`;
    this.#faults = [];
    if (operation.isNew !== true) copyTree(template, path);
    return { name, path, stage: { clock: new SettableClock(START + 1_000) } };
  }

  #end(path: string, calls: number): Trial {
    plainFs.rmSync(path, { recursive: true, force: true });
    return { calls, faults: this.#faults };
  }

  async #template(operation: Operation): Promise<string> {
    const known = this.#templates.get(operation);
    if (known !== undefined) return known;
    const path = `${this.#folder}/template-${this.#templates.size}`;
    const clock = new SettableClock(START - 60_000);
    const manager = open(operation, path, clock);
    for (const told of storedBefore(operation)) {
      await manager.put(told.key, toldResponse(told), toldPolicy(told));
      // Copies keep the order of use no finer than this.
      clock.advance(1_000);
    }
    await operation.prepare?.({ manager, clock }, path);
    await manager.close();
    this.#templates.set(operation, path);
    return path;
  }

  /** The same manager goes on, and nothing fails any more. */
  async #goOn(operation: Operation, stage: Stage, expected: Expected): Promise<void> {
    const { manager } = stage;
    try {
      // A closed one cannot.
      if ((await manager.stats().catch(() => undefined)) === undefined) return;
      await this.#find(operation, manager, expected);
      await this.#work(manager);
      // All room that was held must have been given back.
      await store(manager, 'filling', 300_000);
      await manager.delete('filling');
      await this.#work(manager);
    } catch (error) {
      this.#faults.push(`the same manager: ${describe(error)}`);
    } finally {
      await manager.close();
      await this.#quiet();
    }
  }

  /** Another manager, much later. */
  async #lookAfterwards(
    operation: Operation,
    { path, clock }: { path: string; clock: SettableClock },
    expected: Expected,
  ): Promise<void> {
    try {
      const soon = open(operation, path, clock);
      await this.#find(operation, soon, expected);
      await soon.close();
      clock.advance(PAST_ALL_GRACE);
      // An anchor that was met before its last body is removed by the next.
      // Without its accounts a store is counted anew, which scans all of it.
      plainFs.rmSync(new Layout(path).ledger, { force: true });
      const first = open(operation, path, clock);
      await first.stats();
      // Trash goes when something is stored, in the background.
      await store(first, 'first', 1);
      await first.delete('first');
      await this.#quiet(30);
      await first.close();
      const late = open(operation, path, clock);
      const { entries, bytes } = await late.stats();
      const audit = auditStore(path);
      if (audit.leftovers.length > 0) this.#faults.push(`left over: ${audit.leftovers.join(', ')}`);
      if (audit.entries !== entries || audit.bytes !== bytes) {
        this.#faults.push(
          `counted ${entries} entries, ${bytes} bytes; there are ${audit.entries}, ${audit.bytes}`,
        );
      }
      await this.#find(operation, late, expected);
      await this.#work(late);
      await late.close();
    } catch (error) {
      this.#faults.push(`another manager: ${describe(error)}`);
    }
    await this.#quiet();
  }

  async #find(
    operation: Operation,
    manager: StreamingManager,
    { mustFind, mayMiss }: Expected,
  ): Promise<void> {
    const before = new Map<string, Found>(storedBefore(operation).map(({ key, version }) => [key, version]));
    const { mayFind = {} } = operation;
    for (const key of new Set([...before.keys(), ...Object.keys(mayFind)])) {
      const version = versionOf(key, await inTime(manager.get(key)));
      const allowed =
        mustFind !== undefined && key in mustFind ? [mustFind[key]] : (mayFind[key] ?? [before.get(key)]);
      if (!allowed.includes(version) && !(mayMiss && version === undefined))
        this.#faults.push(`found ${version} under ${key}, not ${allowed.join(' or ')}`);
    }
  }

  /** All that is done every day. */
  async #work(manager: StreamingManager): Promise<void> {
    for (const size of [SMALL, LARGE]) {
      await store(manager, 'daily', size);
      const stored = await manager.getStream('daily');
      if (stored === undefined) throw new Error('wrong: nothing is stored any more');
      stored.release();
      const token = await manager.updateMetadata('daily', stored.token, stored.head, stored.policy);
      if (token === undefined) throw new Error('wrong: an update is refused');
      if (versionOf('daily', await manager.get('daily')) !== 'new')
        throw new Error('wrong: not what was stored');
    }
    await manager.delete('daily');
    if ((await manager.get('daily')) !== undefined) throw new Error('wrong: nothing is removed any more');
  }

  #judge(error: unknown): void {
    const isFault =
      isHttpCacheError(error) ||
      (error instanceof Error && /^E[A-Z]+: (injected|directory not empty)/.test(error.message));
    if (!isFault) this.#faults.push(`rejected with ${describe(error)}`);
  }

  /** Waits until there is nothing for the file system to do. */
  async #quiet(turns = 10): Promise<void> {
    for (let quiet = 0; quiet < turns; quiet++) {
      if (callsUnderWay() > 0) quiet = 0;
      await setImmediate();
    }
  }
}

/** What is to be found when an operation has changed nothing. */
function unchanged(operation: Operation): Operation['mustFind'] {
  return Object.fromEntries(storedBefore(operation).map(({ key, version }) => [key, version]));
}

function open(operation: Operation, path: string, clock: SettableClock): StreamingManager {
  return new StreamingManager({ minFree: 0, maxSize: MAX_SIZE, ...operation.options, path, clock });
}

async function store(manager: StreamingManager, key: string, size: number): Promise<void> {
  const told = { key, version: 'new', size };
  await inTime(manager.put(key, toldResponse(told), toldPolicy(told)));
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('wrong: it hangs')), PATIENCE);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
