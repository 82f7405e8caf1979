import { primaryKey } from '../core/cache-key.ts';
import { groupKey, invalidatedGroups } from '../core/cache-groups.ts';
import { invalidatedUris } from '../core/invalidation.ts';
import type { RequestHead, ResponseHead } from '../core/message.ts';
import { targetUri } from '../core/target-uri.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { infoWithoutResponse, type CacheInfo } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import type { Exchange, Reception, StoredDelivery } from './exchange.ts';
import { invalidate } from './invalidate.ts';
import { invalidateGroup } from './invalidate-group.ts';
import { andThen } from './maybe-promise.ts';
import { requestKey } from './request-key.ts';
import { unbreakable } from './unbreakable.ts';
import { withStatusFields } from './status-fields.ts';

/** The exchange of a request that the cache only looks at in passing: its answer may invalidate what is stored. */
export class PassingExchange implements Exchange {
  readonly #context: EngineContext;
  readonly #request: RequestHead;
  readonly #info: CacheInfo;

  constructor(context: EngineContext, request: RequestHead, info: CacheInfo) {
    this.#context = context;
    this.#request = request;
    this.#info = info;
  }

  heldBack(): void {
    // Nothing is reckoned from when it was sent.
  }

  received(head: ResponseHead): MaybePromise<Reception> {
    const pass = (): Reception => {
      const info = infoWithoutResponse(this.#info, head.status);
      this.#context.answered(this.#request, info);
      return { kind: 'pass', head: withStatusFields(this.#context, head, info), sink: undefined, info };
    };
    return unbreakable(
      () => andThen(invalidateAfter(this.#context, this.#request, head), pass),
      (error) => {
        this.#context.fault('received', error);
        return pass();
      },
    );
  }

  failed(): StoredDelivery | undefined {
    return undefined;
  }

  leave(): boolean {
    return false;
  }

  abandoned(): void {
    // Nothing was begun on its behalf.
  }
}

/** Invalidates what an answer calls for (RFC 9111 §4.4), and what the option `invalidates` adds; `undefined` when that is nothing. */
export function invalidateAfter(
  context: EngineContext,
  request: RequestHead & { readonly body?: Uint8Array | undefined },
  head: ResponseHead,
): Promise<unknown> | undefined {
  // What is looked up by its body is said to change nothing.
  const uris = request.body === undefined ? invalidatedUris(request, head) : [];
  const { invalidates } = context.options;
  const groups = request.body === undefined ? invalidatedGroups(request, head) : [];
  if (uris.length + groups.length === 0 && invalidates === undefined) return undefined;
  const keys = new Map<string, string>();
  const add = (uri: string): void => {
    const key = requestKey(context, { ...request, method: 'GET', url: uri });
    keys.set(key?.primary ?? primaryKey(uri), uri);
  };
  // Byte for byte as the request has it, too: that is what a GET of it was stored under.
  if (uris.length > 0) add(request.url);
  for (const uri of uris) add(uri);
  if (invalidates !== undefined && head.status >= 200 && head.status < 400) {
    context.callback('invalidates', () => {
      for (const url of invalidates(request) ?? []) add(targetUri(url));
    });
  }
  if (keys.size + groups.length === 0) return undefined;
  const { origin } = new URL(request.url);
  return Promise.all([
    ...[...keys].map(([primary, uri]) => invalidate(context, primary, uri)),
    ...groups.map((tag) => invalidateGroup(context, { key: groupKey(origin, tag), tag, origin }, false)),
  ]);
}
