import { gotBodies } from './got-bodies.ts';
import { gotCancels } from './got-cancels.ts';
import { gotCodings } from './got-codings.ts';
import { gotExtensions } from './got-extensions.ts';
import { gotFaults } from './got-faults.ts';
import { gotHeads } from './got-heads.ts';
import { gotHooks } from './got-hooks.ts';
import { gotProgress } from './got-progress.ts';
import { gotRequests } from './got-requests.ts';
import { gotRetries } from './got-retries.ts';
import { gotSides } from './got-sides.ts';
import { gotStreams } from './got-streams.ts';
import { gotValidation } from './got-validation.ts';
import type { GotScenario } from './got-kit.ts';

/** Everything that got is compared in. */
export const gotScenarios: readonly GotScenario[] = [
  ...gotBodies,
  ...gotCodings,
  ...gotStreams,
  ...gotProgress,
  ...gotHeads,
  ...gotValidation,
  ...gotRequests,
  ...gotHooks,
  ...gotSides,
  ...gotExtensions,
  ...gotFaults,
  ...gotRetries,
  ...gotCancels,
];
