import type { Engine, Plan } from '../engine/exchange.ts';
import type { RequestOptions } from '../engine/request-options.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { letGoOfPlan } from '../node-http/let-go-of-plan.ts';
import type { OutgoingRequest } from '../node-http/outgoing-request.ts';

/** A look-up made for the request that axios is expected to send, so that the one it does send need not be looked up again. */
export class BegunRequest {
  readonly plan: MaybePromise<Plan>;
  readonly outgoing: OutgoingRequest;
  #isTaken = false;

  constructor(engine: Engine, outgoing: OutgoingRequest, options: RequestOptions | false | undefined) {
    this.outgoing = outgoing;
    const { method, url, headers, identity } = outgoing;
    this.plan = engine.begin({ method, url, headers, identity, options, hasBody: false });
  }

  /** The answer for a request, if it is the one that was asked about, and the first. */
  take(outgoing: OutgoingRequest): MaybePromise<Plan> | undefined {
    if (this.#isTaken || !isSameRequest(this.outgoing, outgoing)) return undefined;
    this.#isTaken = true;
    return this.plan;
  }

  /** Lets go of an answer that nobody took. */
  dispose(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    letGoOfPlan(this.plan);
  }
}

function isSameRequest(one: OutgoingRequest, other: OutgoingRequest): boolean {
  return (
    one.method === other.method &&
    one.url === other.url &&
    one.identity === other.identity &&
    one.headers.length === other.headers.length &&
    one.headers.every(([name, value], at) => {
      const line = other.headers[at];
      return line !== undefined && line[0] === name && line[1] === value;
    })
  );
}
