import { axiosCancellation } from './axios-cancellation.ts';
import { axiosConnections } from './axios-connections.ts';
import { axiosErrors } from './axios-errors.ts';
import type { AxiosExample } from './axios-example.ts';
import { axiosInterceptors } from './axios-interceptors.ts';
import { axiosRequestConfig } from './axios-request-config.ts';
import { axiosRequests } from './axios-requests.ts';
import { axiosResponseConfig } from './axios-response-config.ts';
import { axiosUploads } from './axios-uploads.ts';

/** By the sections of its readme, more or less. */
export const axiosExamples: readonly AxiosExample[] = [
  ...axiosRequests,
  ...axiosRequestConfig,
  ...axiosResponseConfig,
  ...axiosConnections,
  ...axiosInterceptors,
  ...axiosErrors,
  ...axiosCancellation,
  ...axiosUploads,
];
