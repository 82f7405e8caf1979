import type { FieldLines } from '../core/message.ts';
import { storableTrailers } from '../core/storable-fields.ts';
import type { StorageRefusal } from '../core/storage-decision.ts';
import type { CacheWriter, MaybePromise } from '../managers/manager.ts';
import { HttpCacheError, isHttpCacheError } from '../errors.ts';
import { BodySampler } from './body-sample.ts';
import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { forget } from './forget.ts';
import { GrowingBody } from './growing-body.ts';
import type { Incoming } from './incoming.ts';
import { IncomingBody } from './incoming-body.ts';
import type { SharedForward } from './shared-forward.ts';
import { StoreSink } from './store-sink.ts';
import { failed } from './store.ts';
import { andThen } from './maybe-promise.ts';
import { release } from './release.ts';

/**
 * For how many times `managerTimeout` a commit may take: nobody waits for it, and a busy disk may well be slow with the
 * end of a large body.
 */
const commitPatience = 30;

/** Opens the store for a response and gives what its body is to be fed to. The flight ends when the store is done with it. */
export function storeBody(
  context: EngineContext,
  incoming: Incoming,
  shared: SharedForward | undefined,
): IncomingBody {
  const { flight, placement, head, policy, size, sharingKey } = incoming;
  const { store, flights, writes, options } = context;
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const growing = new GrowingBody(store);
  const writer = andThen(store.openWriter(placement.key, head, { policy, size }), (opened) => {
    if (opened !== failed) growing.opened(opened);
    return opened;
  });
  const body: { current: IncomingBody | undefined } = { current: undefined };
  let early: Parameters<IncomingBody['dropped']> | undefined;
  const sampler = options.shouldStore === undefined ? undefined : new BodySampler(options.sampleSize);
  const sink = new StoreSink(writer, {
    expectedSize: size,
    see: sampler && ((chunk) => sampler.see(chunk)),
    isWatched: () => shared?.isRead === true,
    ended: () => {
      const ms = options.managerTimeout;
      flights.settle(flight.primary, withDeadline(finished, { ms, expired: () => undefined }));
    },
    complete: (written, end) => {
      void writes
        .run(flight.primary, () => publish(context, incoming, { writer: written, sampler, ...end }))
        .finally(done);
    },
    dropped: (culprit, error, untaken) => {
      if (culprit === 'store' && error !== undefined) report(context, incoming, error);
      const reason = culprit === 'body' ? 'incomplete' : refusalOf(error);
      dropped(context, incoming, reason);
      flights.end(flight);
      // As likely as not the next one fares no better.
      if (culprit === 'store' && sharingKey !== undefined) {
        context.collapsing.memory.learn(sharingKey, false, context.now());
      }
      if (body.current === undefined) early = [culprit, untaken];
      else body.current.dropped(culprit, untaken);
      done();
    },
  });
  body.current = new IncomingBody({
    incoming,
    sink,
    growing,
    shared,
    finishAbandoned: options.finishAbandoned,
    unread: (over) => flights.inBackground(over),
  });
  if (early !== undefined) body.current.dropped(...early);
  return body.current;
}

interface WrittenBody {
  readonly writer: CacheWriter;
  readonly size: number;
  readonly trailers: FieldLines;
  readonly sampler: BodySampler | undefined;
}

/** Makes a response visible unless its target URI was invalidated since it was asked for. Never rejects. */
async function publish(context: EngineContext, incoming: Incoming, body: WrittenBody): Promise<void> {
  const { flight, placement, request, slot } = incoming;
  const { options } = context;
  const published = { key: placement.key, policy: incoming.policy };
  // Too late: an invalidation or a newer response may have come in between.
  const late = (committed: boolean): void => {
    if (committed) void context.writes.run(flight.primary, async () => await forget(context, published));
  };
  try {
    const refusal = body.sampler && (await refusalBySample(context, incoming, body.sampler));
    if (refusal !== undefined) {
      void body.writer.abort();
      context.flights.end(flight);
      dropped(context, incoming, refusal);
      return;
    }
    const commit = body.writer.commit({
      trailers: storableTrailers(body.trailers, incoming.answer.headers, options.rules),
      onlyIf: () => mayPublish(context, incoming),
    });
    void commit.catch(() => undefined).finally(() => context.flights.end(flight));
    const committed = await withDeadline(commit, {
      ms: commitPatience * options.managerTimeout,
      expired: () => undefined,
      late,
    });
    if (committed === undefined) {
      report(context, incoming, tooSlow(commitPatience * options.managerTimeout));
      dropped(context, incoming, 'fault');
      return;
    }
    const { set } = placement;
    if (
      !committed ||
      (set !== undefined &&
        !(await context.variants.index(
          slot,
          request.url,
          { placement: { ...placement, set }, policy: incoming.policy },
          () => mayPublish(context, incoming),
        )))
    ) {
      dropped(context, incoming, 'invalidated');
      return;
    }
  } catch (error) {
    report(context, incoming, error);
    void body.writer.abort(error);
    dropped(context, incoming, refusalOf(error));
    return;
  }
  if (incoming.replaced !== undefined) await forget(context, incoming.replaced);
  context.flights.published(flight, placement.key);
  context.counters.stored += 1;
  if (!context.events.observed('store')) return;
  context.events.emit({
    type: 'store',
    url: request.url,
    key: placement.key,
    size: body.size,
    freshened: false,
  });
}

/** What the option `shouldStore` makes of a response; `undefined` where it may be stored. */
async function refusalBySample(
  context: EngineContext,
  { answer, request }: Incoming,
  sampler: BodySampler,
): Promise<StorageRefusal | undefined> {
  const { shouldStore } = context.options;
  const sample = await sampler.sample(answer.headers);
  const isWanted = context.callback('shouldStore', () => shouldStore?.(answer, request, sample) !== false);
  if (isWanted === undefined) return 'fault';
  return isWanted ? undefined : 'declined';
}

/**
 * Whether nothing was invalidated since the request went out: in this process its flight tells, for other processes the
 * index does, which each invalidation leaves behind with its time. And whether no answer to a later request of this
 * process lies there (RFC 9111 §4).
 */
function mayPublish(context: EngineContext, incoming: Incoming): MaybePromise<boolean> {
  const { flight, placement } = incoming;
  if (flight.invalidated || context.flights.isOvertaken(flight, placement.key)) return false;
  return context.store.isPrivateToProcess || mayPublishToOthers(context, incoming);
}

async function mayPublishToOthers(
  context: EngineContext,
  { flight, placement, slot }: Incoming,
): Promise<boolean> {
  const { primary, marksSeen, sentAt } = flight;
  const marked = context.prefixes.isOn({ primary, marksSeen, requestTime: sentAt });
  const entry = await context.store.get(primary);
  if (entry !== failed) release(entry);
  if ((await marked) || entry === failed) return false;
  if (entry === undefined) return true;
  const { policy } = entry;
  // Marked as stale since: what came of an earlier request is no fresher.
  if (flight.invalidated || (policy.staleSince ?? 0) > sentAt) return false;
  if (policy.epoch === placement.epoch) return true;
  const otherGeneration = slot === flight.primary && placement.set !== undefined && policy.kind === 'index';
  return !otherGeneration && (policy.invalidatedAt ?? 0) < sentAt;
}

function tooSlow(ms: number): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER_TIMEOUT',
    `The cache manager's commit did not end within ${ms} ms: the response is not stored`,
  );
}

function dropped(context: EngineContext, { request, placement }: Incoming, reason: StorageRefusal): void {
  context.counters.dropped += 1;
  if (!context.events.observed('drop')) return;
  context.events.emit({ type: 'drop', url: request.url, key: placement.key, reason });
}

/** That a body is larger than the manager keeps is no fault; the `drop` event tells of it. */
function report(context: EngineContext, { placement }: Incoming, error: unknown): void {
  if (refusalOf(error) === 'fault') context.store.report('put', placement.key, error);
}

function refusalOf(error: unknown): StorageRefusal {
  return isHttpCacheError(error) && error.code === 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' ? 'too-large' : 'fault';
}
