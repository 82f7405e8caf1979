import type { CacheMode } from '../core/cache-mode.ts';
import type { FieldLines } from '../core/message.ts';
import type { VariantTag } from '../core/policy-types.ts';
import type { ForwardReason } from '../core/reuse-decision.ts';
import type { CacheRules } from '../core/rules.ts';
import type { CacheableRequest } from './exchange.ts';
import type { HeldLease } from './held-lease.ts';
import type { Selection } from './selection.ts';
import type { SharedForward } from './shared-forward.ts';
import type { Found, FoundResponse } from './variants.ts';

/** A request that goes to the origin with the cache's interest in its answer. */
export interface Forwarding {
  readonly request: CacheableRequest;
  readonly mode: CacheMode;
  /** Whether the caller named the mode for this request, so that `responseMode` has no say. */
  readonly modeGiven: boolean;
  /** The primary key of the target URI. */
  readonly primary: string;
  /** Where responses to this method are kept: the primary key, or its HEAD twin. */
  readonly slot: string;
  readonly selection: Selection;
  /** The rules that hold for it. */
  readonly rules: CacheRules;
  readonly reason: ForwardReason;
  /** What is stored at the slot. */
  readonly found: Found;
  /**
   * The stored response that was selected and did not do, so that the answer may tell of it: what was found, or for a
   * HEAD what is stored for GET. Its holder releases it.
   */
  readonly selected: FoundResponse | undefined;
  /** The stored variants that the condition names, where none was selected. */
  readonly offered: readonly VariantTag[];
  /** Whether a condition of ours went along, so that a 304 is about what is stored. */
  readonly conditional: boolean;
  /** The fields to set when the condition turns out useless. */
  readonly unconditionalFields: FieldLines;
  /** Whether it goes behind a response that was handed out already, so that there is nobody to answer. */
  readonly isBehind: boolean;
  /** What requests have in common that may wait for it; `undefined` where none may. */
  readonly sharingKey: string | undefined;
  /** What others wait for it by, where they may. */
  readonly shared: SharedForward | undefined;
  /** What keeps other processes from asking for the same; `undefined` where nothing does. */
  readonly lease: HeldLease | undefined;
}
