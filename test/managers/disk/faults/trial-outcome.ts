import type { Operation } from './operations.ts';

/** What came of performing an operation while calls failed. */
export interface Trial {
  /** How many calls there were while the rule held. */
  readonly calls: number;
  /** What should not have happened. */
  readonly faults: readonly string[];
  /** In how many ways a loss of power could have left the store; 1 when it changed nothing. */
  readonly ways?: number;
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
export interface Expected {
  /** What must be found, where that is known. */
  readonly mustFind?: Operation['mustFind'];
  /** Whether any entry may be gone. */
  readonly mayMiss: boolean;
  /** Whether what the operation is about may be gone. */
  readonly mayLose?: boolean;
}
