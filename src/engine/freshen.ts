import { datedFields } from '../core/dated-fields.ts';
import { freshenHead } from '../core/freshening.ts';
import type { HttpResponseHead, ResponseHead } from '../core/message.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import { createPolicy } from '../core/policy.ts';
import { decideStorage, type StorageRefusal } from '../core/storage-decision.ts';
import type { CacheMode } from '../core/cache-mode.ts';
import { suffixName } from '../core/cache-key.ts';
import { fieldExclusions, storableFields } from '../core/storable-fields.ts';
import { varyNames } from '../core/vary.ts';
import type { CacheRules } from '../core/rules.ts';
import type { EngineContext } from './context.ts';
import type { CacheableRequest } from './exchange.ts';
import type { Flight } from './flights.ts';
import { forget } from './forget.ts';
import { regroup } from './group-keys.ts';
import { isPromise } from './maybe-promise.ts';
import type { Selection } from './selection.ts';
import { failed, type StoredMessage } from './store.ts';

/** An answer that confirms a stored response: a 304, or a 200 to HEAD. */
export interface Confirmation {
  readonly request: CacheableRequest;
  readonly stored: StoredMessage;
  /** Since when the index that led to it says that its responses are stale. */
  readonly indexStaleSince: number | undefined;
  readonly key: string;
  readonly answer: ResponseHead;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly mode: CacheMode;
  readonly flight: Flight;
  readonly selection: Selection;
  /** The rules that hold for the request. */
  readonly rules: CacheRules;
}

/** What such an answer makes of a stored response. */
export interface Freshened {
  readonly head: HttpResponseHead;
  readonly policy: ResponsePolicy;
  /** Whether the store keeps it. */
  readonly kept: boolean;
  /** Whether it may be stored for the request that it answers, too (RFC 9111 §3). */
  readonly isStorable: boolean;
}

/**
 * Freshens a stored response by a 304 (RFC 9111 §4.3.4). The metadata is written behind the answer; until that is done,
 * look-ups of the same target URI wait for it. A response that the 304 forbids to store, or that varies otherwise from now
 * on, leaves the store.
 */
export function freshen(context: EngineContext, confirmation: Confirmation): Freshened {
  const { request, stored, answer, key, flight, mode, rules, indexStaleSince } = confirmation;
  const merged = freshenHead(stored.head, answer);
  const head = { ...merged, headers: datedFields(merged.headers, confirmation.receivedAt) };
  const { id, epoch, selecting, credentials } = stored.policy;
  const made = createPolicy({
    id,
    epoch,
    selecting,
    credentials,
    rules,
    // §4.3.5: an answer to HEAD may freshen what was stored for GET, and that stays a response to GET.
    request: { ...request, method: stored.policy.method },
    response: head,
    requestTime: confirmation.sentAt,
    responseTime: confirmation.receivedAt,
  });
  const policy: ResponsePolicy = {
    ...made,
    ...(stored.policy.invalidatedAt === undefined ? {} : { invalidatedAt: stored.policy.invalidatedAt }),
    ...(stored.policy.groups === undefined ? {} : { groups: stored.policy.groups }),
    ...(indexStaleSince === undefined ? {} : { indexStaleSince }),
    ...(flight.marksSeen > 0 ? { marksSeen: flight.marksSeen } : {}),
    ...(stored.policy.mode === undefined ? {} : { mode: stored.policy.mode }),
    ...(stored.policy.extra === undefined ? {} : { extra: stored.policy.extra }),
  };
  const storage = decideStorage({
    request,
    response: head,
    mode: stored.policy.mode ?? mode,
    rules,
    policy: () => policy,
  });
  // §5.2.1.5, §3.5: a request whose answer must not be stored leaves what is stored as it was.
  if (storage.kind === 'do-not-store' && isAboutRequest(storage.reason)) {
    return { head, policy, kept: true, isStorable: false };
  }
  const isStorable = storage.kind === 'store' && variesAlike(head, policy);
  if (credentials === null && isForOneUser(context, confirmation, policy)) {
    return { ...forThemAlone(context, confirmation, { head, policy }), isStorable };
  }
  const storedHead = { ...head, headers: storableFields(head.headers, fieldExclusions(head.headers, rules)) };
  const work = context.writes.run(flight.primary, () =>
    isStorable
      ? update(context, confirmation, { head: storedHead, policy })
      : forget(context, { key, policy: stored.policy }),
  );
  context.flights.settle(flight.primary, work);
  return { head, policy, kept: isStorable, isStorable };
}

/**
 * A 304 to one user's credentials tells nothing to others, who have the stored response too: it goes into the answer and
 * not into the store. Where the stored response was for anybody only because it said so, and says so no more, it goes.
 */
function forThemAlone(
  context: EngineContext,
  { stored, key, flight }: Confirmation,
  freshened: Pick<Freshened, 'head' | 'policy'>,
): Omit<Freshened, 'isStorable'> {
  // In a shared cache it is for anybody whatever else it says (§3.5).
  const kept =
    context.options.rules.shared || freshened.policy.directives.public || !stored.policy.directives.public;
  if (!kept) {
    context.flights.settle(
      flight.primary,
      context.writes.run(flight.primary, () => forget(context, { key, policy: stored.policy })),
    );
  }
  return { ...freshened, kept };
}

async function update(
  context: EngineContext,
  { flight, key, request, stored }: Confirmation,
  { head, policy }: Pick<Freshened, 'head' | 'policy'>,
): Promise<void> {
  if (flight.invalidated) return;
  const kept = stored.policy.groups ?? [];
  const regrouped = regroup(context, { request, flight, kept }, { head, policy });
  const grouped = isPromise(regrouped) ? await regrouped : regrouped;
  if (grouped === 'unchanged') return;
  if (grouped === 'invalidated') {
    await forget(context, { key, policy: stored.policy });
    return;
  }
  const token = await context.store.update(key, stored, head, grouped);
  if (token === failed || token === undefined) return;
  context.counters.freshened += 1;
  if (!context.events.observed('store')) return;
  context.events.emit({ type: 'store', url: request.url, key, size: stored.size, freshened: true });
}

/** Whether what a 304 says may be for the one who asked and not for others, who get the stored response too. */
function isForOneUser(
  { options: { rules } }: EngineContext,
  { mode, selection }: Confirmation,
  { directives }: ResponsePolicy,
): boolean {
  // §3.5 is about the request that was looked up; what was added below the cache nobody has asked about.
  if (selection.hasAddedCredentials) return true;
  const isForAnybody = directives.public || (rules.shared && mode !== 'ignore-rules');
  return !isForAnybody && selection.hasCredentials();
}

function isAboutRequest(reason: StorageRefusal): boolean {
  return reason === 'request-no-store' || reason === 'authorization';
}

/** A stored response is found by the fields that `Vary` named when it was stored; it cannot stay where others lead to. */
function variesAlike(head: HttpResponseHead, policy: ResponsePolicy): boolean {
  const names = varyNames(head.headers);
  const selecting = policy.selecting.filter(([name]) => name !== suffixName);
  return (
    names !== '*' && names.length === selecting.length && selecting.every(([name]) => names.includes(name))
  );
}
