import type { ResponseHead } from './message.ts';

/** Whether an answer that is not stored tells that what is stored is no longer so; an error tells nothing of it. */
export function outdates(answer: ResponseHead): boolean {
  if (answer.status === 404 || answer.status === 410) return true;
  return answer.status >= 200 && answer.status < 400 && answer.status !== 304 && answer.status !== 206;
}
