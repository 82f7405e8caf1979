import { gotBodies } from './got-bodies.ts';
import { gotBrokenStreams } from './got-broken-streams.ts';
import { gotCancels } from './got-cancels.ts';
import { gotCodings } from './got-codings.ts';
import { gotConnections } from './got-connections.ts';
import { gotCookies } from './got-cookies.ts';
import { gotEvents } from './got-events.ts';
import { gotFaults } from './got-faults.ts';
import { gotHeads } from './got-heads.ts';
import { gotHooks } from './got-hooks.ts';
import { gotHttp2 } from './got-http2.ts';
import { gotInstances } from './got-instances.ts';
import { gotParts } from './got-parts.ts';
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
  ...gotParts,
  ...gotValidation,
  ...gotRequests,
  ...gotHooks,
  ...gotSides,
  ...gotEvents,
  ...gotCookies,
  ...gotInstances,
  ...gotConnections,
  ...gotHttp2,
  ...gotFaults,
  ...gotRetries,
  ...gotCancels,
  ...gotBrokenStreams,
];
