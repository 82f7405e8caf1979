import type { HttpResponseHead, RequestHead, ResponseHead } from '../core/message.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import type { Flight } from './flights.ts';
import type { Placement, UnusedResponse } from './variants.ts';

/** A response on its way into the store. */
export interface Incoming {
  readonly request: RequestHead;
  /** Where responses to its method are kept: the primary key, or its HEAD twin. */
  readonly slot: string;
  readonly head: HttpResponseHead;
  /** The head as the origin sent it. */
  readonly answer: ResponseHead;
  readonly policy: ResponsePolicy;
  readonly placement: Placement;
  /** What is stored elsewhere for the same request, and has to go once this is stored; `undefined` for nothing. */
  readonly replaced: UnusedResponse | undefined;
  readonly flight: Flight;
  /** What requests have in common that may share it; `undefined` where none may. */
  readonly sharingKey: string | undefined;
  /** The length the body has to have; `undefined` when the head does not say. */
  readonly size: number | undefined;
}
