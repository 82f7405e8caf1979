import { setImmediate } from 'node:timers/promises';
import { isHttpCacheError } from '../../../../src/errors.ts';
import type { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { auditStore } from './audit.ts';
import { copyTree } from './copy-tree.ts';
import type { FileRule } from './file-call.ts';
import type { Expected, Manner, Trial } from './trial-outcome.ts';
import { type Found, type Operation, type Stage, storedBefore } from './operations.ts';
import { PowerLoss } from './power-loss.ts';
import { describeError, inTime, openStore, storeNew, unchanged } from './trial-steps.ts';
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
      manager = openStore(operation, path, stage.clock);
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
    const { remains, clock, calls } = await this.#kill(operation, lastCall, cold);
    await this.#lookAfterwards(operation, { path: remains, clock }, { mayMiss: operation.isFull === true });
    return this.#end(remains, calls);
  }

  /**
   * Lets the power go behind a call, nothing of what was done having been synced, and looks at what another process finds in
   * one of the ways that the store can have been left in.
   */
  async losePower(operation: Operation, lastCall: number, way: number): Promise<Trial> {
    const { remains, clock, calls } = await this.#kill(operation, lastCall, false);
    const loss = new PowerLoss(await this.#template(operation), remains);
    loss.leave(way);
    const stage = { manager: openStore(operation, remains, clock), clock };
    const expected: Expected = { mayMiss: operation.isFull === true, mayLose: true };
    let isDone = false;
    const steps = [
      async () => await this.#find(operation, stage.manager, expected),
      // What it finds damaged it may tell.
      async () => {
        const result = await operation.perform(stage).catch((error: unknown) => this.#judge(error) ?? false);
        isDone = result !== false;
      },
      async () => await stage.manager.verify(),
    ];
    try {
      for (let step = 0; step < steps.length; step++) await steps[(step + way) % steps.length]?.();
      const { problems } = await stage.manager.verify();
      if (problems > 0) this.#faults.push(`${problems} problems are left`);
    } catch (error) {
      this.#faults.push(`after the loss: ${describeError(error)}`);
    }
    await stage.manager.close();
    const again = isDone ? { mustFind: operation.mustFind, mayMiss: expected.mayMiss } : expected;
    await this.#lookAfterwards(operation, { path: remains, clock }, again);
    return { ...this.#end(remains, calls), ways: loss.ways };
  }

  /** Performs an operation up to a call, and gives what is left of the store. */
  async #kill(
    operation: Operation,
    lastCall: number,
    cold: boolean,
  ): Promise<{ readonly remains: string; readonly clock: SettableClock; readonly calls: number }> {
    const { name, path, stage } = await this.#begin(operation);
    let isDead = false;
    const counting = counted(({ number }) => (isDead || number > lastCall ? { kind: 'freeze' } : undefined));
    try {
      if (cold) setRule(name, counting);
      const manager = openStore(operation, path, stage.clock);
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
    isDead = true;
    const remains = `${path}-remains`;
    plainFs.mkdirSync(path, { recursive: true });
    plainFs.renameSync(path, remains);
    closeDescriptorsOf(name);
    return { remains, clock: stage.clock, calls: counting.calls };
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
    const manager = openStore(operation, path, clock);
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
      await storeNew(manager, 'filling', 300_000);
      await manager.delete('filling');
      await this.#work(manager);
    } catch (error) {
      this.#faults.push(`the same manager: ${describeError(error)}`);
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
      const soon = openStore(operation, path, clock);
      await this.#find(operation, soon, expected);
      await soon.close();
      clock.advance(PAST_ALL_GRACE);
      // An anchor that was met before its last body is removed by the next.
      // Without its accounts a store is counted anew, which scans all of it.
      plainFs.rmSync(new Layout(path).ledger, { force: true });
      const first = openStore(operation, path, clock);
      await first.stats();
      // Trash goes when something is stored, in the background.
      await storeNew(first, 'first', 1);
      await first.delete('first');
      await this.#quiet(30);
      await first.close();
      const late = openStore(operation, path, clock);
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
      this.#faults.push(`another manager: ${describeError(error)}`);
    }
    await this.#quiet();
  }

  async #find(
    operation: Operation,
    manager: StreamingManager,
    { mustFind, mayMiss, mayLose = false }: Expected,
  ): Promise<void> {
    const before = new Map<string, Found>(storedBefore(operation).map(({ key, version }) => [key, version]));
    const { mayFind = {} } = operation;
    for (const key of new Set([...before.keys(), ...Object.keys(mayFind)])) {
      const version = versionOf(key, await inTime(manager.get(key)));
      const allowed =
        mustFind !== undefined && key in mustFind ? [mustFind[key]] : (mayFind[key] ?? [before.get(key)]);
      const isTouched = key in mayFind || (mustFind !== undefined && key in mustFind);
      const mayBeGone = mayMiss || (mayLose && isTouched);
      const isAsBefore = mayLose && version === before.get(key);
      if (!allowed.includes(version) && !isAsBefore && !(mayBeGone && version === undefined))
        this.#faults.push(`found ${version} under ${key}, not ${allowed.join(' or ')}`);
    }
  }

  /** All that is done every day. */
  async #work(manager: StreamingManager): Promise<void> {
    for (const size of [SMALL, LARGE]) {
      await storeNew(manager, 'daily', size);
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
    if (!isFault) this.#faults.push(`rejected with ${describeError(error)}`);
  }

  /** Waits until there is nothing for the file system to do. */
  async #quiet(turns = 10): Promise<void> {
    for (let quiet = 0; quiet < turns; quiet++) {
      if (callsUnderWay() > 0) quiet = 0;
      await setImmediate();
    }
  }
}
