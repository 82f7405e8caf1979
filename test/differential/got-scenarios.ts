import { gotBodies } from './got-bodies.ts';
import { gotCancels } from './got-cancels.ts';
import { gotExtensions } from './got-extensions.ts';
import { gotFaults } from './got-faults.ts';
import { gotHeads } from './got-heads.ts';
import { gotRequests } from './got-requests.ts';
import { gotStreams } from './got-streams.ts';
import { gotValidation } from './got-validation.ts';
import type { GotScenario } from './got-kit.ts';

/** Everything that got is compared in. */
export const gotScenarios: readonly GotScenario[] = [
  ...gotBodies,
  ...gotStreams,
  ...gotHeads,
  ...gotValidation,
  ...gotRequests,
  ...gotExtensions,
  ...gotFaults,
  ...gotCancels,
];
