import type { Backdrop } from './backdrop.ts';
import type { Trace } from './trace.ts';

/** What a scenario has at hand. */
export interface Stage<Client, Setup>
  extends Trace, Omit<Backdrop, 'asked' | 'reset' | typeof Symbol.asyncDispose> {
  /** A client, set up by the caller before and after the cache is installed in it, where there is one. */
  readonly client: (setup?: Setup) => Client;
}

/** One way of using a client. Whatever it returns, throws and notes is compared between runs. */
export interface Scenario<Client, Setup> {
  readonly name: string;
  /** Uses the client once. */
  readonly run: (stage: Stage<Client, Setup>) => Promise<unknown>;
  /** Fills the store before the last run, where `run` itself leaves nothing complete behind. */
  readonly warm?: (stage: Stage<Client, Setup>) => Promise<unknown>;
  /** The last run asks as the first does, but conditionally, and is told that what is stored still holds. */
  readonly validates?: boolean;
  /** The targets that the last run asks for, where it can do without some of those that the first asked for. */
  readonly lastAsks?: readonly string[];
  /** Its requests are under way together, so that the origin may get them in any order. */
  readonly together?: boolean;
  /** Why the last run asks the origin as often as the first; without it, it must not ask at all. */
  readonly asksAgain?: string;
}
