import { randomUUID } from 'node:crypto';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { cacheModes, type CacheMode } from '../core/cache-mode.ts';
import type { HttpResponseHead, JsonValue, ResponseHead } from '../core/message.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import { createPolicy } from '../core/policy.ts';
import { fieldExclusions, storableFields } from '../core/storable-fields.ts';
import { datedFields } from '../core/dated-fields.ts';
import { decideStorage, type StorageRefusal } from '../core/storage-decision.ts';
import { varyNames } from '../core/vary.ts';
import { HttpCacheError } from '../errors.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { announcedSize } from './announced-size.ts';
import { bindingCredentials } from './binding-credentials.ts';
import type { ReceivedOptions } from './exchange.ts';
import type { Forwarding } from './forwarding.ts';
import { show } from './check-option.ts';
import type { EngineContext } from './context.ts';
import type { Flight } from './flights.ts';
import { andThen } from './maybe-promise.ts';
import type { Incoming } from './incoming.ts';
import { groupKeys } from './group-keys.ts';
import { failed } from './store.ts';
import { replacedResponse, type Found, type UnusedResponse } from './variants.ts';

/** A response of the origin that may go into the store. */
export interface Candidate {
  readonly forwarding: Forwarding;
  readonly answer: ResponseHead;
  readonly receivedAt: number;
  readonly flight: Flight;
  /** What the seam knows of it. */
  readonly received: ReceivedOptions;
}

/** Whether a response goes into the store; `answer` is its head as the caller is to see it. */
export type Admission =
  | { readonly kind: 'admitted'; readonly answer: ResponseHead; readonly incoming: Incoming }
  /** It updated what is stored for GET (RFC 9111 §4.3.5). */
  | {
      readonly kind: 'freshened';
      readonly answer: ResponseHead;
      readonly key: string;
      readonly policy: ResponsePolicy;
      readonly metadata: JsonValue | undefined;
      /** Whether the store keeps what was updated. */
      readonly isKept: boolean;
    }
  | { readonly kind: 'refused'; readonly answer: ResponseHead; readonly reason: StorageRefusal };

/** Decides whether a response goes into the store, and where (RFC 9111 §3). */
export function admit(context: EngineContext, candidate: Candidate): MaybePromise<Admission> {
  const { answer, flight, received } = candidate;
  const { request, selection, found, rules } = candidate.forwarding;
  const refused = (reason: StorageRefusal): Admission => ({ kind: 'refused', answer, reason });
  if (received.redirected === true) return refused('redirected');
  if (flight.invalidated) return refused('invalidated');
  // What is there could not be seen, so it must not be overwritten.
  if (found.kind === 'fault') return refused('fault');
  const mode = storingMode(context, candidate);
  if (mode === undefined) return refused('fault');
  let made: ResponsePolicy | undefined;
  const policy = (): ResponsePolicy => (made ??= draftPolicy(candidate, answer));
  const byBody = request.body !== undefined;
  const decision = decideStorage({
    request,
    byBody,
    response: answer,
    mode,
    rules,
    policy,
  });
  if (decision.kind === 'do-not-store') return refused(decision.reason);
  selection.compareSent(received.sent?.());
  // A record is for anybody.
  if (selection.hasAddedCredentials && rules.isRecord !== true) return refused('credentials');
  const size = announcedSize(request.method, answer);
  if (size !== undefined && size > context.store.maxEntrySize) return refused('too-large');
  const modified = modify(context, candidate);
  if (modified === undefined) return refused('fault');
  return andThen(selection.ready(), () =>
    place(context, { ...candidate, modified, storingMode: mode, draft: policy() }, size),
  );
}

interface Placeable extends Candidate {
  readonly modified: HttpResponseHead;
  /** The mode it is stored by; the mode of the request unless `responseMode` gave another. */
  readonly storingMode: CacheMode;
  /** The policy by the head as it came. */
  readonly draft: ResponsePolicy;
}

function place(
  context: EngineContext,
  candidate: Placeable,
  size: number | undefined,
): MaybePromise<Admission> {
  const { flight, modified, storingMode: mode } = candidate;
  const { request, found, primary, slot, selection, sharingKey, rules } = candidate.forwarding;
  const isAsItCame =
    modified.headers === candidate.answer.headers && modified.status === candidate.answer.status;
  const draft = isAsItCame ? candidate.draft : draftPolicy(candidate, modified);
  const byBody = request.body !== undefined;
  const policyOf = (): ResponsePolicy => draft;
  const decision = decideStorage({ request, byBody, response: modified, mode, rules, policy: policyOf });
  const refuse = (reason: StorageRefusal): Admission => ({ kind: 'refused', answer: modified, reason });
  if (decision.kind === 'do-not-store') return refuse(decision.reason);
  // Only `ignore-rules`, and a record, gets here with `Vary: *`.
  const named = varyNames(modified.headers);
  const names = named === '*' ? [] : named;
  // §4.1: no look-up would know what selected it.
  if (rules.isRecord !== true && selection.isSentOtherwise(names, candidate.received.sent)) {
    return refuse('vary');
  }
  const selecting = selection.varying(names);
  const credentials = bindingCredentials(draft, { mode, selection, rules });
  const placement = context.variants.place(slot, found, {
    selecting,
    credentials,
    newEpoch: () => context.flights.epoch(primary),
  });
  const policy: ResponsePolicy = {
    ...draft,
    selecting,
    credentials,
    epoch: placement.epoch,
    ...(placement.invalidatedAt > 0 ? { invalidatedAt: placement.invalidatedAt } : {}),
    ...(placement.indexStaleSince === undefined ? {} : { indexStaleSince: placement.indexStaleSince }),
    ...(flight.marksSeen > 0 ? { marksSeen: flight.marksSeen } : {}),
    ...(mode === candidate.forwarding.mode ? {} : { mode }),
  };
  const head: HttpResponseHead = {
    ...modified,
    headers: datedFields(
      storableFields(modified.headers, fieldExclusions(modified.headers, rules)),
      candidate.receivedAt,
    ),
  };
  const admitted = (inGroups: ResponsePolicy): Admission => ({
    kind: 'admitted',
    answer: modified,
    incoming: {
      request,
      slot,
      head,
      answer: candidate.answer,
      sharingKey,
      policy: inGroups,
      placement,
      replaced: replacedElsewhere(found, placement.key, credentials),
      flight,
      size,
    },
  });
  const keys = groupKeys(context, request, modified);
  if (keys === undefined) return refuse('fault');
  flight.groups = keys;
  if (keys.length === 0) return admitted(policy);
  return andThen(context.groups.join(keys, flight), (groups) => {
    if (groups === failed) return refuse('fault');
    return groups === 'invalidated' ? refuse('invalidated') : admitted({ ...policy, groups });
  });
}

/**
 * The stored response that was found for the request, if the new one does not take its place by its key: it varies
 * otherwise. It would go on being chosen (§4.1). What others get too stays for them.
 */
function replacedElsewhere(
  found: Found,
  key: string,
  credentials: string | null,
): UnusedResponse | undefined {
  const replaced = replacedResponse(found);
  const isForOthersToo = replaced?.policy.credentials === null && credentials !== null;
  return replaced?.key === key || isForOthersToo ? undefined : replaced;
}

function draftPolicy(candidate: Candidate, response: ResponseHead): ResponsePolicy {
  const { request, rules } = candidate.forwarding;
  return createPolicy({
    id: randomUUID(),
    epoch: '',
    selecting: [],
    credentials: null,
    request,
    byBody: request.body !== undefined,
    response,
    requestTime: candidate.flight.sentAt,
    responseTime: candidate.receivedAt,
    rules,
  });
}

/** The mode a response is stored by; `undefined` when the option that says so failed. */
function storingMode(context: EngineContext, { answer, forwarding }: Candidate): CacheMode | undefined {
  const { request, mode, modeGiven } = forwarding;
  const { responseMode } = context.options;
  if (responseMode === undefined || modeGiven) return mode;
  return context.callback('responseMode', () => {
    const given = responseMode(request, answer) ?? mode;
    if (cacheModes.includes(given)) return given;
    throw unusable(`it gave ${show(given)}: give a mode, one of ${cacheModes.join(', ')}, or undefined`);
  });
}

/** The head as the options change it before it is stored; `undefined` when one of them failed. */
function modify(
  context: EngineContext,
  { answer, forwarding: { request } }: Candidate,
): HttpResponseHead | undefined {
  const { modifyResponse, metadata } = context.options;
  const head: HttpResponseHead = { ...answer, url: request.url, trailers: [] };
  const modified =
    modifyResponse === undefined
      ? head
      : context.callback('modifyResponse', () => checkHead(modifyResponse(head, request), head));
  if (modified === undefined || metadata === undefined) return modified;
  return context.callback('metadata', () => {
    const data = metadata(request, answer);
    return data === undefined ? modified : { ...modified, metadata: plainData(data) };
  });
}

/** What a callback gave is checked where it is given: a head that does not fit its body must not get into the store. */
function checkHead(modified: HttpResponseHead, head: HttpResponseHead): HttpResponseHead {
  const { headers, status, statusText } = modified;
  const areLines =
    Array.isArray(headers) &&
    headers.every(
      (line) => Array.isArray(line) && typeof line[0] === 'string' && typeof line[1] === 'string',
    );
  if (!areLines || !Number.isInteger(status) || typeof statusText !== 'string') {
    throw unusable(
      'it did not give a response head: give the head it was called with, or a changed copy of it',
    );
  }
  for (const [name, value] of modified.headers) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return { ...head, headers, status, statusText };
}

/** Data that comes back from the store is what JSON makes of it, so it is made that before, for all managers alike. */
function plainData(data: JsonValue): JsonValue {
  const text: unknown = JSON.stringify(data);
  if (typeof text !== 'string')
    throw unusable(`it gave ${show(data)}: give what JSON can carry, or undefined`);
  // Frozen: all who share the response get this same data.
  const plain: JsonValue = JSON.parse(text, (_name, value: unknown) => Object.freeze(value));
  return plain;
}

function unusable(message: string): HttpCacheError {
  return new HttpCacheError('ERR_HTTP_CACHE_CALLBACK', message);
}
