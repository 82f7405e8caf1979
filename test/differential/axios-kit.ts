import axios, { AxiosError, CanceledError, type AxiosInstance, type CreateAxiosDefaults } from 'axios';
import { installCache } from '../../src/axios/index.ts';
import {
  call,
  describeError,
  describeFields,
  describeWith,
  read,
  type Describe,
  type Description,
} from './description.ts';
import { describeMessage, describeRequest } from './describe-message.ts';
import { memberTypes, messageMembers, requestMembers } from './documented-members.ts';
import type { ClientKit } from './run-scenario.ts';
import type { Scenario, Stage } from './scenario.ts';

/** How a scenario wants its instance. */
export interface AxiosSetup {
  readonly defaults?: CreateAxiosDefaults;
  /** Without it, no proxy is used, whatever the environment says. */
  readonly proxyOfEnvironment?: true;
  /** Done to the instance before the cache is installed. */
  readonly before?: (instance: AxiosInstance) => void;
  /** Done to the instance after the cache was installed. */
  readonly after?: (instance: AxiosInstance) => void;
}

export type AxiosScenario = Scenario<AxiosInstance, AxiosSetup>;
export type AxiosStage = Stage<AxiosInstance, AxiosSetup>;

/** What is seen of axios's responses and errors. */
const describe: Describe = describeWith((value, describe) => {
  if (value instanceof AxiosError) return describeAxiosError(value, describe);
  if ('status' in value && 'config' in value && 'data' in value) return describeResponse(value, describe);
  if ('statusCode' in value && 'rawHeaders' in value) return describeMessage(value, describe);
  // What follow-redirects tells `beforeRedirect` of the response.
  if ('statusCode' in value && 'headers' in value) {
    return { statusCode: describe(value.statusCode), headers: describeFields(value.headers) };
  }
  return undefined;
});

function describeResponse(response: object, describe: Describe): Description {
  const headers = read(response, 'headers');
  const request = read(response, 'request');
  return {
    keys: Object.keys(response),
    status: describe(read(response, 'status')),
    statusText: describe(read(response, 'statusText')),
    headersClass: read(headers, 'constructor') === axios.AxiosHeaders,
    headers: describeFields(call(headers, 'toJSON')),
    data: describe(read(response, 'data')),
    config: describeConfig(read(response, 'config'), describe),
    request: describeRequest(request, describe),
    requestMembers: memberTypes(request, requestMembers),
    // Not documented, but what is known of redirects is often read from there.
    redirectable: describeRedirectable(read(request, '_redirectable'), describe),
    message: describe(read(request, 'res')),
    messageMembers: memberTypes(read(request, 'res'), messageMembers),
    messageRequest: read(read(request, 'res'), 'req') === request,
  };
}

function describeRedirectable(redirectable: unknown, describe: Describe): Description {
  return [read(redirectable, '_currentUrl'), read(redirectable, '_redirectCount')].map(describe);
}

function describeConfig(config: unknown, describe: Describe): Description {
  if (typeof config !== 'object' || config === null) return undefined;
  const { headers, data, signal, cancelToken, httpAgent, httpsAgent, ...rest } = Object.fromEntries(
    Object.entries(config),
  );
  return {
    configKeys: Object.keys(config),
    transportKept: describe(read(config, 'transport')),
    headersClass: read(headers, 'constructor') === axios.AxiosHeaders,
    requestHeaders: describeFields(call(headers, 'toJSON')),
    data: describe(data),
    objects: [signal, cancelToken, httpAgent, httpsAgent].map((object) => typeof object),
    rest: describe(JSON.parse(JSON.stringify(rest))),
    adapter: describe(read(config, 'adapter')),
  };
}

function describeAxiosError(error: AxiosError, describe: Describe): Description {
  return {
    ...describeError(error, describe),
    isAxiosError: axios.isAxiosError(error),
    isCancel: axios.isCancel(error),
    isCanceledError: error instanceof CanceledError,
    status: error.status,
    response: describe(error.response),
    sameConfig: error.response === undefined || error.response.config === error.config,
    config: describeConfig(error.config, describe),
    request: describeRequest(error.request, describe),
    jsonKeys: Object.keys(error.toJSON()),
  };
}

function kit(onInstalled: (instance: AxiosInstance) => void): ClientKit<AxiosInstance, AxiosSetup> {
  return {
    describe,
    make(setup, cache) {
      const proxy = setup?.proxyOfEnvironment ? {} : ({ proxy: false } as const);
      const instance = axios.create({ ...proxy, ...setup?.defaults });
      setup?.before?.(instance);
      if (cache !== undefined) {
        installCache(instance, { cache });
        onInstalled(instance);
      }
      setup?.after?.(instance);
      return instance;
    },
  };
}

/** Instances that have sent nothing yet, so that the cache has to let axios's adapter show what it sends. */
export const axiosKit: ClientKit<AxiosInstance, AxiosSetup> = kit(() => undefined);

/** Instances that have been used, so that the cache knows what they send, and answers plain hits the short way. */
export const usedAxiosKit: ClientKit<AxiosInstance, AxiosSetup> = kit((instance) => {
  // The adapter makes its request in the same turn, and the origin is asked nothing.
  const practice = instance.get('http://nowhere.invalid/', {
    adapter: 'http',
    httpCache: { mode: 'only-if-cached' },
    transformResponse: [],
    validateStatus: null,
  });
  // The user's interceptors may refuse it.
  practice.catch(() => undefined);
});
