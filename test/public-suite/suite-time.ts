import { SettableClock } from '../../src/testing/settable-clock.ts';

/** How long the suite waits for a response to become stale, in milliseconds. */
const suitePause = 3000;

/**
 * Sets the time of this process free from that of the machine: it stands still, and where the suite would wait three
 * seconds it goes on by as much at once. So results do not depend on how busy the machine is. For one test at a time.
 */
export function setTimeFree(): void {
  const clock = new SettableClock(Date.now());
  Date.now = () => clock.now();
  const wait = globalThis.setTimeout;
  const pass = <Given extends unknown[]>(
    callback: (...given: Given) => void,
    ms?: number,
    ...given: Given
  ): NodeJS.Timeout => {
    if (ms !== suitePause) return wait(callback, ms, ...given);
    clock.advance(suitePause);
    return wait(callback, 0, ...given);
  };
  globalThis.setTimeout = Object.assign(pass, { __promisify__: wait.__promisify__ });
}
