import { isDeepStrictEqual } from 'node:util';
import type { Description } from './description.ts';
import type { Difference } from './differences.ts';

/** How a response came about. */
export type Phase = 'uncached' | 'miss' | 'hit';

/** Where a difference was seen. */
export interface Circumstances {
  readonly phase: Phase;
  /** The name of the scenario. */
  readonly scenario: string;
}

interface AllowedDifference {
  /** The phases in which it may show. */
  readonly phases: readonly Phase[];
  /** The last member name of the fields in which it may show. */
  readonly fields: readonly string[];
  /** The one scenario in which it may show, as its name begins; without it, in all. */
  readonly scenario?: string;
  /** Whether the two values differ in just the allowed way. */
  readonly accepts: (expected: Description, actual: Description) => boolean;
}

/**
 * All that a caller may see of the cache. The connection of a hit is no field at all, since there is none: `socket` is not
 * described.
 */
const allowedDifferences: readonly AllowedDifference[] = [
  // `Age` tells how old a stored response is (RFC 9111 §5.1); fields of the hop are not stored (RFC 9111 §3.1).
  {
    phases: ['hit'],
    fields: ['headers', 'headersDistinct', 'rawHeaders'],
    accepts: (expected, actual) =>
      isDeepStrictEqual(withoutHopFields(lines(expected)), withoutAge(lines(actual))),
  },
  // axios: `response.httpCache` is what the cache adds.
  {
    phases: ['miss', 'hit'],
    fields: ['keys'],
    accepts: (expected, actual) =>
      Array.isArray(actual) &&
      isDeepStrictEqual(
        expected,
        actual.filter((key) => key !== 'httpCache'),
      ),
  },
  // axios: an interceptor that runs after the cache's own cancels, so that the cache's adapter is never called, which is
  // what puts the caller's back.
  {
    phases: ['miss', 'hit'],
    fields: ['adapter'],
    scenario: 'an interceptor that cancels',
    accepts: (_expected, actual) => actual === 'function adapter' || actual === undefined,
  },
  // axios: a plain hit is there before the caller can abort, and axios names no request when it drops an answer.
  {
    phases: ['miss'],
    fields: ['keys', 'request'],
    scenario: 'a signal that aborts in the turn of the request',
    accepts: (expected, actual) => actual === undefined || isOneMore(actual, expected),
  },
  // A hit needs no connection, so there is none to be used again.
  {
    phases: ['hit'],
    fields: ['connectionsReused', 'connectionsKept'],
    accepts: (_expected, actual) => [actual].flat().every((one) => one === false || one === 0),
  },
  // A request that has no connection to let go of is over when its response is.
  {
    phases: ['hit'],
    fields: ['requestDestroyed'],
    accepts: (expected, actual) => expected === false && actual === true,
  },
  // got: the cache sits where got lets a request function be given.
  {
    phases: ['miss', 'hit'],
    fields: ['requestFunction'],
    accepts: (_expected, actual) => typeof actual === 'string' && actual.startsWith('function'),
  },
  // Interim responses are not stored, and the final one makes do without them (RFC 9110 §15.2).
  {
    phases: ['hit'],
    fields: ['events'],
    accepts: (expected, actual) => isDeepStrictEqual(withoutInterim(expected), actual),
  },
  // got: where a request function gives a response only, there is no request to be timed; with the cache there is its own.
  {
    phases: ['miss', 'hit'],
    fields: ['timings', 'reusedSocketKnown', 'done', 'total'],
    scenario: 'a request function that gives a response',
    accepts: (expected) => expected === undefined || expected === 'undefined' || expected === false,
  },
  // got over HTTP/2: a message there is complete once it ends, also when that is because the caller has broken it off, and
  // the cache has read it further than the caller.
  {
    phases: ['miss'],
    fields: ['complete'],
    scenario: 'a signal that aborts in the body over HTTP/2',
    accepts: (expected, actual) => expected === false && actual === true,
  },
  // got over HTTP/2: a response is held until what it invalidates is gone (RFC 9111 §4.4). Its stream may be closed by then,
  // and what http2-wrapper gives for a socket knows no address any more.
  {
    phases: ['miss'],
    fields: ['ip'],
    scenario: 'POST over HTTP/2',
    accepts: (_expected, actual) => actual === undefined,
  },
  // got: the cache is made of two hooks.
  {
    phases: ['miss', 'hit'],
    fields: ['init', 'beforeRequest'],
    accepts: (expected, actual) => isOneMore(expected, actual),
  },
  // got: what is timed is a connection and how it is used, and a hit has none. Got leaves out what it has not measured.
  {
    phases: ['hit'],
    fields: ['taken', 'phasesTaken'],
    accepts: (expected, actual) => isDeepStrictEqual(withoutConnection(expected), actual),
  },
  // got over HTTP/2: the message that the cache hands out has what only Node's own has, and not http2-wrapper's.
  {
    phases: ['miss', 'hit'],
    fields: ['headersDistinct', 'trailersDistinct', 'method'],
    accepts: (expected) => expected === undefined,
  },
  // got's own mark of a response from a cache.
  {
    phases: ['hit'],
    fields: ['isFromCache'],
    accepts: (expected, actual) => expected === false && actual === true,
  },
  // "Not available when the response is cached", as got documents it.
  {
    phases: ['hit'],
    fields: ['ip'],
    accepts: (_expected, actual) => actual === undefined,
  },
];

/** Whether a difference is one that the cache is meant to make. */
export function isAllowed({ field, expected, actual }: Difference, at: Circumstances): boolean {
  const name = field.slice(field.lastIndexOf('.') + 1);
  return allowedDifferences.some(
    ({ phases, fields, scenario = '', accepts }) =>
      phases.includes(at.phase) &&
      fields.includes(name) &&
      at.scenario.startsWith(scenario) &&
      accepts(expected, actual),
  );
}

function withoutInterim(events: Description): Description {
  return Array.isArray(events) ? events.filter((event) => event !== 'stream information') : events;
}

/** Whether a list has all of another's entries in their order, and one beside. */
function isOneMore(expected: Description, actual: Description): boolean {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return false;
  return actual.some((_one, at) => isDeepStrictEqual(expected, actual.toSpliced(at, 1)));
}

const ofTheConnection = new Set([
  'socket',
  'lookup',
  'connect',
  'secureConnect',
  'wait',
  'dns',
  'tcp',
  'tls',
  'request',
]);

function withoutConnection(names: Description): Description {
  return Array.isArray(names) ? names.filter((name) => !ofTheConnection.has(name)) : names;
}

const hopFields = new Set(['connection', 'keep-alive', 'transfer-encoding']);

type Line = readonly [name: string, value: Description];

/** Field lines, be they given in pairs or flat as in `rawHeaders`. */
function lines(fields: Description): readonly Line[] | undefined {
  if (!Array.isArray(fields)) return undefined;
  if (fields.every((entry) => Array.isArray(entry)))
    return fields.map(([name, value]) => [String(name), value]);
  return fields.flatMap((name, at) => (at % 2 === 0 ? [[String(name), fields[at + 1]] as const] : []));
}

function withoutHopFields(fields: readonly Line[] | undefined): readonly Line[] | undefined {
  return fields?.filter(([name]) => !hopFields.has(name.toLowerCase()));
}

/** The lines without their one `Age`; with none or several they are as they are not allowed to be. */
function withoutAge(fields: readonly Line[] | undefined): readonly Line[] | undefined {
  const ages = fields?.filter(([name]) => name.toLowerCase() === 'age') ?? [];
  return ages.length === 1 && /^\[?"\d+"\]?$/.test(JSON.stringify(ages[0]?.[1]))
    ? fields?.filter(([name]) => name.toLowerCase() !== 'age')
    : undefined;
}
