import type { StoredResponse } from '../managers/manager.ts';
import { announcedSize } from './announced-size.ts';

/** Whether a body is as long as its head says: what a manager cut short is no response. */
export function isWhole({ head, policy, size }: StoredResponse): boolean {
  if (policy.kind !== 'response') return true;
  const announced = announcedSize(policy.method, head);
  return announced === undefined || announced === size;
}
