import { expect } from 'vitest';
import type { ReceivedRequest } from '../helpers/origin.ts';
import type { HttpCache } from '../../src/http-cache.ts';
import { isAllowed, type Phase } from './allowed-differences.ts';
import { openBackdrop } from './backdrop.ts';
import type { CacheRow } from './cache-rows.ts';
import type { Describe, Description } from './description.ts';
import { differences, showDifferences } from './differences.ts';
import type { Scenario, Stage } from './scenario.ts';
import { startTrace } from './trace.ts';

/** What the runner needs of a client. */
export interface ClientKit<Client, Setup> {
  /** A client as the scenario wants it, with the cache installed, if there is one. */
  readonly make: (setup: Setup | undefined, cache: HttpCache | undefined) => Client;
  readonly describe: Describe;
}

/**
 * Runs a scenario on the client without a cache, on an empty cache and on the cache that this filled, and expects the
 * three to differ in nothing but what is allowed, to the caller and to the origin.
 */
export async function runScenario<Client, Setup>(
  kit: ClientKit<Client, Setup>,
  scenario: Scenario<Client, Setup>,
  row: CacheRow,
): Promise<void> {
  await using backdrop = await openBackdrop();
  await using store = await row.open();
  const { cache } = store;

  const stage = (withCache: HttpCache | undefined): Stage<Client, Setup> => ({
    ...startTrace(kit.describe),
    ...backdrop,
    client: (setup) => kit.make(setup, withCache),
  });
  const run = async (withCache: HttpCache | undefined): Promise<Run> => {
    backdrop.reset();
    const observed = stage(withCache);
    const outcome = await scenario.run(observed).then(
      (returned) => ({ returned }),
      (thrown: unknown) => ({ threw: thrown }),
    );
    await whatIsUnderWay();
    await cache?.idle();
    return {
      seen: { outcome: kit.describe(outcome), events: observed.events },
      asked: scenario.together === true ? byTarget(backdrop.asked()) : backdrop.asked(),
    };
  };

  const plain = await run(undefined);
  const miss = await run(cache);
  const expectAlike = (seen: Description, phase: Phase): void => {
    const found = differences(plain.seen, seen);
    const unexpected = found.filter((one) => !isAllowed(one, { phase, scenario: scenario.name }));
    if (unexpected.length > 0) expect.fail(`On the ${phase}, differs:\n${showDifferences(unexpected)}`);
  };
  expectAlike(miss.seen, cache === undefined ? 'uncached' : 'miss');
  expect(miss.asked, 'what the origin was asked on the miss').toEqual(plain.asked);

  if (scenario.warm !== undefined) {
    await scenario.warm(stage(cache));
    await cache?.idle();
  }
  const last = await run(cache);
  const stored = cache !== undefined && scenario.asksAgain === undefined;
  expectAlike(last.seen, cache === undefined ? 'uncached' : stored ? 'hit' : 'miss');
  if (cache !== undefined && scenario.validates === true) {
    expect(last.asked.map(withoutConditions), 'what the origin was asked at last').toEqual(plain.asked);
    expect(last.asked, 'conditions').not.toEqual(plain.asked);
  } else if (cache !== undefined && scenario.lastAsks !== undefined) {
    expect(
      last.asked.map(({ target }) => target),
      'what the origin was asked at last',
    ).toEqual(scenario.lastAsks);
  } else expect(last.asked, 'what the origin was asked at last').toEqual(stored ? [] : plain.asked);
}

/** Lets events that are on their way arrive: of the connection that a break-off leaves behind, for one. */
async function whatIsUnderWay(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

interface Run {
  /** What the caller got to see. */
  readonly seen: Description;
  /** What the origins got to see. */
  readonly asked: readonly ReceivedRequest[];
}

function byTarget(requests: readonly ReceivedRequest[]): ReceivedRequest[] {
  return requests.toSorted((one, other) =>
    one.target < other.target ? -1 : one.target > other.target ? 1 : 0,
  );
}

const conditions = new Set(['if-none-match', 'if-modified-since']);

function withoutConditions(request: ReceivedRequest): ReceivedRequest {
  return { ...request, headers: request.headers.filter(([name]) => !conditions.has(name.toLowerCase())) };
}
