import { once } from 'node:events';
import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import { engineSymbol } from '../../src/engine/engine-symbol.ts';
import { HttpCache } from '../../src/http-cache.ts';
import type { HttpCacheOptions } from '../../src/index.ts';
import type { CacheManager } from '../../src/managers/manager.ts';
import { CachingRequest } from '../../src/node-http/caching-request.ts';
import type { MessageBase } from '../../src/node-http/message-base.ts';
import { outgoingRequest } from '../../src/node-http/outgoing-request.ts';
import type { RequestSeam } from '../../src/node-http/request-seam.ts';
import { drain } from '../helpers/drain.ts';
import { type GatedManager, gatedManager } from './gated-manager.ts';

export interface Rig<Manager extends CacheManager = GatedManager> {
  readonly cache: HttpCache;
  readonly manager: Manager;
  /** Makes a request that the cache stands before, to be ended by the test. */
  open(url: string, options?: RequestOptions, seam?: Partial<RequestSeam>): CachingRequest;
  /** Makes one and gives its body. */
  fetch(url: string, options?: RequestOptions): Promise<string>;
}

/** A cache whose look-ups can be made to wait, and requests through it. */
export function makeRig(): Rig {
  return rigOn(gatedManager());
}

/** A cache over a manager, and requests through it. */
export function rigOn<Manager extends CacheManager>(
  manager: Manager,
  options: Omit<HttpCacheOptions, 'manager'> = {},
): Rig<Manager> {
  const cache = new HttpCache({ ...options, manager });
  const open: Rig['open'] = (url, options = {}, seam = {}) => {
    const target = new URL(url);
    return new CachingRequest({
      engine: cache[engineSymbol],
      outgoing: outgoingRequest(options, target),
      options: undefined,
      open: () => request(target, options),
      ...seam,
    });
  };
  return {
    cache,
    manager,
    open,
    async fetch(url, options) {
      const body = await drain(await responseTo(open(url, options).end()));
      await cache.idle();
      return body.toString();
    },
  };
}

/** The response to a request; rejects with its error. */
export async function responseTo(request: CachingRequest): Promise<IncomingMessage | MessageBase> {
  const [response]: (IncomingMessage | MessageBase)[] = await once(request, 'response');
  if (response === undefined) throw new Error('There was no response.');
  return response;
}

/** The events of an emitter, in their order, as they come. */
export function eventsOf(emitter: NodeJS.EventEmitter, names: readonly string[]): string[] {
  const events: string[] = [];
  for (const name of names) emitter.on(name, () => events.push(name));
  return events;
}

/** Resolves when it closes, whatever the end was; to be called before that. */
export function closeOf(emitter: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => void emitter.once('close', resolve));
}
