import { suffixName } from '../core/cache-key.ts';
import type { ForwardReason } from '../core/reuse-decision.ts';
import { sameSelecting } from '../core/vary.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { decideFor, type Asking } from './asking.ts';
import type { CacheInfo } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import { emptyBody } from './empty-body.ts';
import type { Plan, Waiting } from './exchange.ts';
import { andThen } from './maybe-promise.ts';
import { passAlong } from './pass-along.ts';
import { SharedDelivery } from './shared-delivery.ts';
import type { SharedForward } from './shared-forward.ts';
import type { SharedResponse } from './shared-response.ts';
import { statusFields } from './status-fields.ts';
import { unbreakable } from './unbreakable.ts';

/** What a follower is made with. */
export interface FollowerOptions {
  readonly asking: Asking;
  /** Where responses to its method are kept. */
  readonly slot: string;
  /** Why it would have asked the origin. */
  readonly reason: ForwardReason;
  /**
   * What to do where there is nothing to share: to look again. `isOther` where the response was for other request fields, or
   * there was no request to wait for.
   */
  readonly alone: (why: { readonly isOther: boolean }) => MaybePromise<Plan>;
}

/** A request that waits for the response to another one, and gets it too if it may (RFC 9111 §4). */
export class Follower implements Waiting {
  readonly plan: Promise<Plan>;
  readonly #context: EngineContext;
  readonly #forward: SharedForward;
  readonly #options: FollowerOptions;
  #leave: () => void = () => undefined;

  constructor(context: EngineContext, forward: SharedForward, options: FollowerOptions) {
    this.#context = context;
    this.#forward = forward;
    this.#options = options;
    this.plan = new Promise<Plan>((resolve) => {
      // All of it at once: there must be no moment at which nobody seems to want the response, and a small body may have
      // come to its end in the next.
      const take = (response: SharedResponse | undefined): void => {
        this.#leave = response === undefined ? () => undefined : forward.read();
        resolve(
          unbreakable(
            () => this.#planFor(response),
            (error) => this.#pass(error),
          ),
        );
      };
      if (forward.response === undefined) this.#leave = forward.wait(take);
      else take(forward.response);
    });
  }

  get heldBack(): Promise<void> | undefined {
    return this.#forward.heldBack;
  }

  leave(): void {
    this.#leave();
  }

  #planFor(response: SharedResponse | undefined): MaybePromise<Plan> {
    const { asking, alone } = this.#options;
    if (response === undefined) return alone({ isOther: this.#forward.isHandedOn });
    return andThen(asking.selection.ready(), () => {
      const isOther = !this.#isSelected(response);
      const plan = isOther ? undefined : this.#share(response);
      if (plan !== undefined) return plan;
      this.leave();
      return alone({ isOther });
    });
  }

  /** The response, if it may be reused for this request. */
  #share(response: SharedResponse): Plan | undefined {
    const { asking, reason } = this.#options;
    const { head, policy, placement, flight } = response.incoming;
    if (flight.invalidated) return undefined;
    const decision = decideFor(this.#context, asking, policy);
    if (decision.kind !== 'use-stored') return undefined;
    const { request, mode } = asking;
    const body = request.method === 'HEAD' ? emptyBody() : response.follow();
    if (body === undefined) return undefined;
    const info: CacheInfo = {
      outcome: 'miss',
      reason,
      key: placement.key,
      mode,
      ageMs: decision.ageMs,
      freshForMs: decision.freshForMs,
      stored: true,
      notStored: undefined,
      revalidated: false,
      forwardStatus: head.status,
      collapsed: true,
      metadata: head.metadata,
    };
    this.#context.answered(request, info);
    const delivery = new SharedDelivery(response, {
      head,
      ageMs: decision.ageMs,
      statusFields: statusFields(this.#context, head, info),
      withBody: request.method !== 'HEAD',
      info,
      body,
    });
    body.once('close', () => this.leave());
    return { kind: 'stored', delivery };
  }

  /** Whether the response is the one for this request's fields and credentials (RFC 9111 §4.1). */
  #isSelected({ incoming }: SharedResponse): boolean {
    const { selection } = this.#options.asking;
    const { selecting, credentials } = incoming.policy;
    const names = selecting.map(([name]) => name);
    if (
      names.includes(suffixName) === selection.suffixed &&
      sameSelecting(selecting, selection.selecting(names)) &&
      (credentials === null || credentials === selection.credentials())
    ) {
      return true;
    }
    this.#context.collapsing.memory.learnNames(
      this.#options.slot,
      names.filter((name) => name !== suffixName),
    );
    return false;
  }

  #pass(error: unknown): Plan {
    this.leave();
    return passAlong(this.#context, this.#options.asking, { operation: 'collapse', error });
  }
}
