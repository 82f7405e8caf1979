import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { suffixName } from '../core/cache-key.ts';
import type { FieldLines, ResponseHead } from '../core/message.ts';
import { fieldExclusions, storableFields } from '../core/storable-fields.ts';
import { confirmedTag } from '../core/variant-tags.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { bindingCredentials } from './binding-credentials.ts';
import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { BodySink } from './exchange.ts';
import type { Flight } from './flights.ts';
import type { Forwarding } from './forwarding.ts';
import type { Freshened } from './freshen.ts';
import { groupKeys } from './group-keys.ts';
import { andThen } from './maybe-promise.ts';
import { release } from './release.ts';
import { standing } from './standing.ts';
import { failed } from './store.ts';
import { storeBody } from './storing.ts';
import type { FoundResponse } from './variants.ts';

/** The stored variant that a 304 confirms, of those that its request named (RFC 9111 §4.3.4), if it may answer. */
export function confirmedVariant(
  context: EngineContext,
  { slot, primary, found, offered }: Forwarding,
  answer: ResponseHead,
): MaybePromise<FoundResponse | undefined> {
  const tag = confirmedTag(offered, answer);
  const index = found.kind === 'other' ? found.index : undefined;
  if (tag === undefined || index === undefined) return undefined;
  return andThen(context.variants.variantOf(slot, index, tag), (variant) => {
    if (variant === undefined) return undefined;
    return andThen(standing(context, primary, variant), (policy) => {
      if (policy !== undefined) return { ...variant, policy };
      release(variant.stored);
      return undefined;
    });
  });
}

/** What is to be stored once more, for a request that it was not selected for. */
export interface VariantCopy {
  readonly forwarding: Forwarding;
  readonly confirmed: FoundResponse;
  readonly freshened: Freshened;
  /** The request that confirmed it. */
  readonly flight: Flight;
  /** The fields that it went out with, where they can be told. */
  readonly sent: FieldLines | undefined;
}

/**
 * Stores a confirmed variant for the request fields that it turned out to be for, too, so that they find it by
 * themselves. Not where the answer must not be stored, or something below the cache had a say in it.
 */
export function copyVariant(context: EngineContext, copy: VariantCopy): void {
  const { forwarding, confirmed, freshened, flight, sent } = copy;
  const { request, slot, primary, selection, mode, found, rules } = forwarding;
  const { flights, options, variants } = context;
  const names = freshened.policy.selecting.map(([name]) => name).filter((name) => name !== suffixName);
  if (!freshened.isStorable || flight.invalidated || selection.hasAddedCredentials) return;
  if (selection.isSentOtherwise(names, () => sent)) return;
  // The copy would be in the groups of the original alone.
  const groups = groupKeys(context, request, freshened.head);
  if (groups?.every((key) => freshened.policy.groups?.some(([name]) => name === key)) !== true) return;
  const selecting = selection.varying(names);
  const credentials =
    confirmed.stored.policy.credentials ?? bindingCredentials(freshened.policy, { mode, selection, rules });
  const newEpoch = (): string => flights.epoch(primary);
  const placement = variants.place(slot, found, { selecting, credentials, newEpoch });
  const { headers } = freshened.head;
  const sink = storeBody(
    context,
    {
      request,
      slot,
      head: { ...freshened.head, headers: storableFields(headers, fieldExclusions(headers, options.rules)) },
      answer: freshened.head,
      policy: { ...freshened.policy, id: randomUUID(), selecting, credentials, epoch: placement.epoch },
      placement,
      replaced: undefined,
      flight: flights.again(flight),
      sharingKey: undefined,
      size: confirmed.stored.size,
    },
    undefined,
  );
  flights.inBackground(feed(context, confirmed, sink));
}

/** Gives a sink the body of a stored response. Never rejects. */
async function feed({ store }: EngineContext, { stored, key }: FoundResponse, sink: BodySink): Promise<void> {
  try {
    if (stored.body === undefined) await feedStreamed(await snapshot(), sink, store.timeout);
    else sink.write(stored.body);
    sink.end(true, stored.head.trailers);
  } catch (error) {
    sink.abort(error);
  }

  /** One more to read from: the caller has the other. */
  async function snapshot(): Promise<Readable> {
    const entry = await store.get(key);
    if (entry !== failed && entry?.policy.id === stored.policy.id) return store.stream(entry);
    if (entry !== failed) release(entry);
    throw new Error('The stored response is not there any more.');
  }
}

/** Reads a body into a sink; a store that gives nothing for as long as it may take fails it. */
async function feedStreamed(body: Readable, sink: BodySink, ms: number): Promise<void> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const expired = (): void => void body.destroy(new Error(`The stored body gave nothing within ${ms} ms.`));
  for (;;) {
    const next = await withDeadline(chunks.next(), { ms, expired });
    if (next === undefined) throw new Error('The stored body is not copied, as it does not come.');
    if (next.done === true) return;
    if (!sink.write(next.value)) await new Promise<void>((resolve) => sink.drained(resolve));
  }
}
