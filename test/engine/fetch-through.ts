import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { CacheInfo } from '../../src/engine/cache-info.ts';
import { engineSymbol } from '../../src/engine/engine-symbol.ts';
import type { CacheableRequest, Exchange, StoredDelivery } from '../../src/engine/exchange.ts';
import type { RequestOptions } from '../../src/engine/request-options.ts';
import type { FieldLines } from '../../src/core/message.ts';
import type { HttpCache } from '../../src/http-cache.ts';
import { drain } from '../helpers/drain.ts';
import { pairs } from '../helpers/origin.ts';

/** What a request through the cache gave. */
export interface Fetched {
  readonly status: number;
  readonly headers: FieldLines;
  readonly body: string;
  readonly info: CacheInfo;
}

/** What is asked for. */
export interface Asked {
  readonly method?: string;
  readonly headers?: FieldLines;
  readonly options?: RequestOptions | false;
  readonly identity?: string;
  /** Fields that are added below the cache. */
  readonly below?: FieldLines;
  /** Whether what sends the request follows a redirect by itself. */
  readonly redirected?: boolean;
  /** Called when the origin's head was received and its body is yet to be read. */
  readonly onHead?: () => Promise<void> | void;
}

/** The smallest client there can be: sends a request through a cache's engine with nothing but `node:http`. */
export async function fetchThrough(cache: HttpCache, url: string, asked: Asked = {}): Promise<Fetched> {
  const { method = 'GET', headers = [], options, identity } = asked;
  const request: CacheableRequest = { method, url, headers, options, identity, hasBody: false };
  let plan = await cache[engineSymbol].begin(request);
  while (plan.kind === 'wait') plan = await plan.waiting.plan;
  if (plan.kind === 'stored') {
    const fetched = await fromDelivery(plan.delivery);
    const behind = await plan.delivery.refresh?.();
    if (behind?.kind === 'forward') void forward(request, behind.setFields, behind.exchange, asked);
    return fetched;
  }
  return forward(request, plan.setFields, plan.exchange, asked);
}

async function forward(
  request: CacheableRequest,
  setFields: FieldLines,
  exchange: Exchange,
  asked: Asked,
): Promise<Fetched> {
  const { below = [], redirected = false, onHead } = asked;
  let message: IncomingMessage;
  try {
    message = await send(request, [...setFields, ...below]);
  } catch (error) {
    const delivery = error instanceof Error ? exchange.failed(error) : undefined;
    if (delivery === undefined) throw error;
    return fromDelivery(delivery);
  }
  const head = {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    httpVersion: message.httpVersion,
    headers: pairs(message.rawHeaders),
  };
  const sent = (): FieldLines => [...request.headers, ...setFields, ...below];
  const reception = await exchange.received(head, { redirected, sent });
  switch (reception.kind) {
    case 'retry':
      message.resume();
      return forward(request, reception.setFields, exchange, asked);
    case 'stored':
      message.resume();
      return fromDelivery(reception.delivery);
    case 'pass': {
      await onHead?.();
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of message) {
          chunks.push(chunk);
          if (reception.sink?.write(chunk) === false)
            await new Promise<void>((go) => reception.sink?.drained(go));
        }
      } catch (error) {
        reception.sink?.abort(error);
        throw error;
      }
      reception.sink?.end(message.complete, pairs(message.rawTrailers));
      const { head, info } = reception;
      return {
        status: head.status,
        headers: head.headers,
        body: Buffer.concat(chunks).toString('latin1'),
        info,
      };
    }
  }
}

async function send(request: CacheableRequest, setFields: FieldLines): Promise<IncomingMessage> {
  const outgoing = httpRequest(request.url, { method: request.method, agent: false });
  for (const [name, value] of request.headers) outgoing.appendHeader(name, value);
  for (const [name, value] of setFields) outgoing.setHeader(name, value);
  outgoing.end();
  const [message] = await once(outgoing, 'response');
  return message;
}

async function fromDelivery(delivery: StoredDelivery): Promise<Fetched> {
  const { head, info } = delivery;
  const body = await drain(delivery.open());
  return { status: head.status, headers: head.headers, body: body.toString('latin1'), info };
}
