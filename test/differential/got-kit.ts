import got, { Options, RequestError, type ExtendOptions, type Got } from 'got';
import { gotCache } from '../../src/got/index.ts';
import {
  call,
  describeError,
  describeFields,
  describeWith,
  read,
  type Describe,
  type Description,
} from './description.ts';
import { describeMessage } from './describe-message.ts';
import type { ClientKit } from './run-scenario.ts';
import type { Scenario, Stage } from './scenario.ts';

/** How a scenario wants its instance. */
export interface GotSetup {
  /** What the instance is extended by before the cache. */
  readonly before?: ExtendOptions;
  /** What the instance is extended by after the cache. */
  readonly after?: ExtendOptions;
}

export type GotScenario = Scenario<Got, GotSetup>;
export type GotStage = Stage<Got, GotSetup>;

/** What is seen of got's responses, streams and errors. */
const describe: Describe = describeWith((value, describe) => {
  if (value instanceof RequestError) return describeRequestError(value, describe);
  if (value instanceof Options) return describeOptions(value, describe);
  if ('requestUrl' in value && 'statusCode' in value) return describeResponse(value, describe);
  if ('requestUrl' in value && 'options' in value) return describeStream(value, describe);
  if ('statusCode' in value && 'rawHeaders' in value) return describeMessage(value, describe);
  return undefined;
});

function describeResponse(response: object, describe: Describe): Description {
  const member = (name: string): Description => describe(read(response, name));
  return {
    message: describeMessage(response, describe),
    requestUrl: member('requestUrl'),
    redirectUrls: member('redirectUrls'),
    retryCount: member('retryCount'),
    ok: member('ok'),
    body: member('body'),
    rawBody: member('rawBody'),
    isFromCache: read(response, 'isFromCache') === true,
    ip: member('ip'),
    timings: describeTimings(read(response, 'timings')),
    request: describeStream(read(response, 'request'), describe),
    requestResponse: read(read(response, 'request'), 'response') === response,
  };
}

/** Got's own request object, which is also what `got.stream` gives. */
function describeStream(stream: unknown, describe: Describe): Description {
  if (typeof stream !== 'object' || stream === null) return undefined;
  const member = (name: string): Description => describe(read(stream, name));
  return {
    options: describeOptions(read(stream, 'options'), describe),
    requestUrl: member('requestUrl'),
    redirectUrls: member('redirectUrls'),
    retryCount: member('retryCount'),
    downloadProgress: describeProgress(read(stream, 'downloadProgress')),
    uploadProgress: describeProgress(read(stream, 'uploadProgress')),
    isAborted: member('isAborted'),
    isReadonly: member('isReadonly'),
    reusedSocketKnown: typeof read(stream, 'reusedSocket'),
    isFromCache: read(stream, 'isFromCache') === true,
    ip: member('ip'),
    timings: describeTimings(read(stream, 'timings')),
  };
}

/** All the options, as got itself would write them down. */
function describeOptions(options: unknown, describe: Describe): Description {
  const all: unknown = call(options, 'toJSON') ?? options;
  if (typeof all !== 'object' || all === null) return undefined;
  return {
    ...Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, describeOption(value, describe)]),
    ),
    headers: undefined,
    requestHeaders: describeFields(read(all, 'headers')),
    request: undefined,
    requestFunction: describe(read(all, 'request')),
  };
}

/** An option; of an agent, a signal and the like only what it is. */
function describeOption(value: unknown, describe: Describe): Description {
  if (typeof value !== 'object' || value === null || value instanceof URL) return describe(value);
  if (Array.isArray(value)) return value.map((one) => describeOption(one, describe));
  if (!isPlain(value)) return `an instance of ${value.constructor.name}`;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, describeOption(one, describe)]),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** How far a transfer is, but not by how many bytes: chunks fall as they will. */
function describeProgress(progress: unknown): Description {
  const percent = read(progress, 'percent');
  const transferred = read(progress, 'transferred');
  const total = read(progress, 'total');
  return {
    begun: transferred !== 0,
    done: percent === 1,
    total: typeof total === 'number' ? total : undefined,
  };
}

const moments = ['start', 'socket', 'lookup', 'connect', 'secureConnect', 'upload', 'response', 'end'];

/** Which of the times were taken, and that they are in order; what they are depends on the clock. */
function describeTimings(timings: unknown): Description {
  if (typeof timings !== 'object' || timings === null) return undefined;
  const phases = read(timings, 'phases');
  const times = moments.map((name) => read(timings, name)).filter((time) => typeof time === 'number');
  return {
    names: Object.keys(timings),
    taken: measured(timings),
    phases: typeof phases === 'object' && phases !== null ? Object.keys(phases) : undefined,
    phasesTaken: measured(phases),
    inOrder: times.every((time, at) => time >= (times[at - 1] ?? time)),
  };
}

function measured(times: unknown): Description {
  if (typeof times !== 'object' || times === null) return undefined;
  return Object.entries(times).flatMap(([name, time]) =>
    typeof time === 'number' && time >= 0 ? [name] : [],
  );
}

function describeRequestError(error: RequestError, describe: Describe): Description {
  return {
    ...describeError(error, describe),
    event: describe(read(error, 'event')),
    options: describeOptions(error.options, describe),
    response: describe(error.response),
    request: describeStream(error.request, describe),
    timings: describeTimings(error.timings),
  };
}

export const gotKit: ClientKit<Got, GotSetup> = {
  describe,
  make: (setup, cache) =>
    got.extend(
      { retry: { limit: 0 } },
      setup?.before ?? {},
      cache === undefined ? {} : gotCache({ cache }),
      setup?.after ?? {},
    ),
};
