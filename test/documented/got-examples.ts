import type { GotExample } from './got-example.ts';
import { gotConnections } from './got-connections.ts';
import { gotErrors } from './got-errors.ts';
import { gotHooks } from './got-hooks.ts';
import { gotInstances } from './got-instances.ts';
import { gotOptions } from './got-options.ts';
import { gotPagination } from './got-pagination.ts';
import { gotPromises } from './got-promises.ts';
import { gotStreams } from './got-streams.ts';
import { gotUploads } from './got-uploads.ts';

/** By the pages of its documentation, more or less. */
export const gotExamples: readonly GotExample[] = [
  ...gotPromises,
  ...gotOptions,
  ...gotUploads,
  ...gotConnections,
  ...gotStreams,
  ...gotPagination,
  ...gotErrors,
  ...gotHooks,
  ...gotInstances,
];
