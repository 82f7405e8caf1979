import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { MaybePromise } from '../managers/manager.ts';
import type { GuardedWriter } from './guarded-writer.ts';
import { isPromise } from './maybe-promise.ts';
import { failed, type Failed, type Store } from './store.ts';

/**
 * Reads a body from its first byte while it is being written, also where its writer is yet to be opened; `undefined` when
 * the manager cannot, or its writer has ended.
 */
export function followBody(
  store: Store,
  opening: MaybePromise<GuardedWriter | Failed>,
): Readable | undefined {
  if (!isPromise(opening)) return opening === failed ? undefined : store.readWhileWriting(opening);
  if (!store.canReadWhileWriting) return undefined;
  const body = new PassThrough();
  void opening.then((writer) => {
    const source = body.destroyed || writer === failed ? undefined : store.readWhileWriting(writer);
    if (source === undefined) body.destroy();
    else pipeline(source, body, () => undefined);
  });
  return body;
}
