import type { AxiosInstance } from 'axios';
import { test } from 'vitest';
import { axiosAdapters } from './axios-adapters.ts';
import { axiosBodies } from './axios-bodies.ts';
import { axiosCancels } from './axios-cancels.ts';
import { axiosCodings } from './axios-codings.ts';
import { axiosConnections } from './axios-connections.ts';
import { axiosFaults } from './axios-faults.ts';
import { axiosHeads } from './axios-heads.ts';
import { axiosInterceptors } from './axios-interceptors.ts';
import { axiosLimits } from './axios-limits.ts';
import { axiosMessages } from './axios-messages.ts';
import { axiosProgress } from './axios-progress.ts';
import { axiosProxies } from './axios-proxies.ts';
import { axiosRedirects } from './axios-redirects.ts';
import { axiosRequests } from './axios-requests.ts';
import { axiosStreams } from './axios-streams.ts';
import { axiosTimeouts } from './axios-timeouts.ts';
import { axiosTls } from './axios-tls.ts';
import { axiosTransforms } from './axios-transforms.ts';
import { axiosUploads } from './axios-uploads.ts';
import { axiosValidation } from './axios-validation.ts';
import type { AxiosScenario, AxiosSetup } from './axios-kit.ts';
import type { CacheRow } from './cache-rows.ts';
import { runScenario, type ClientKit } from './run-scenario.ts';

/** Everything that axios is compared in, but for what takes its time. */
const axiosScenarios: readonly AxiosScenario[] = [
  ...axiosBodies,
  ...axiosCodings,
  ...axiosTransforms,
  ...axiosStreams,
  ...axiosLimits,
  ...axiosProgress,
  ...axiosHeads,
  ...axiosRedirects,
  ...axiosMessages,
  ...axiosValidation,
  ...axiosRequests,
  ...axiosUploads,
  ...axiosInterceptors,
  ...axiosAdapters,
  ...axiosConnections,
  ...axiosProxies,
  ...axiosTls,
  ...axiosFaults,
  ...axiosCancels,
];

/** Makes a test of each scenario. */
export function compareAxios(kit: ClientKit<AxiosInstance, AxiosSetup>, row: CacheRow): void {
  test.each(axiosScenarios)('$name', (scenario) => runScenario(kit, scenario, row));
  // They wait more than they work.
  test.concurrent.each(axiosTimeouts)('$name', (scenario) => runScenario(kit, scenario, row));
}
