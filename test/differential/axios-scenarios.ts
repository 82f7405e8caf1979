import { axiosBodies } from './axios-bodies.ts';
import { axiosCancels } from './axios-cancels.ts';
import { axiosExtensions } from './axios-extensions.ts';
import { axiosFaults } from './axios-faults.ts';
import { axiosHeads } from './axios-heads.ts';
import { axiosRequests } from './axios-requests.ts';
import { axiosStreams } from './axios-streams.ts';
import { axiosValidation } from './axios-validation.ts';
import type { AxiosScenario } from './axios-kit.ts';

/** Everything that axios is compared in. */
export const axiosScenarios: readonly AxiosScenario[] = [
  ...axiosBodies,
  ...axiosStreams,
  ...axiosHeads,
  ...axiosValidation,
  ...axiosRequests,
  ...axiosExtensions,
  ...axiosFaults,
  ...axiosCancels,
];
