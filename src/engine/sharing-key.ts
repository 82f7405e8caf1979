import { suffixName } from '../core/cache-key.ts';
import type { IndexPolicy } from '../core/policy-types.ts';
import { mayBeCollapsed } from '../core/sharing.ts';
import type { Asking } from './asking.ts';
import type { EngineContext } from './context.ts';
import type { Found } from './variants.ts';

/** What requests have to have in common to wait for one response; `undefined` for one that neither waits nor is waited for. */
export function sharingKeyOf(
  { collapsing }: EngineContext,
  { request, mode, selection }: Asking,
  { slot, found }: { readonly slot: string; readonly found: Found },
): string | undefined {
  // One that goes on without its caller would be sent without its body.
  if (!collapsing.isOn || found.kind === 'fault' || request.body !== undefined) return undefined;
  if (!mayBeCollapsed(request, mode)) return undefined;
  const names = [...collapsing.memory.names(slot), ...indexedNames(found)];
  return `${slot}\n${selection.sharingText(names.length < 2 ? names : [...new Set(names)].toSorted())}`;
}

/** The epoch of what is stored for a target URI; empty for none. */
export function epochOf(found: Found): string {
  return indexOf(found)?.epoch ?? '';
}

/** The request fields that the stored responses of a target URI vary by. */
function indexedNames(found: Found): readonly string[] {
  const sets = indexOf(found)?.sets ?? [];
  return sets.flatMap(({ names }) => names).filter((name) => name !== suffixName);
}

function indexOf(found: Found): IndexPolicy | undefined {
  return found.kind === 'stored' || found.kind === 'other' ? found.index : undefined;
}
