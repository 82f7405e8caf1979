import { assertNever } from './assert-never.ts';
import type { CacheMode } from './cache-mode.ts';
import { fieldValues, hasField } from './fields.ts';
import { listMembers } from './list-members.ts';
import type { FieldLines, RequestHead } from './message.ts';
import { requestDirectives } from './request-directives.ts';
import { hasConditional } from './validation.ts';

/**
 * Whether a request may be answered by the response to another one that is under way, and others by its own (RFC 9111
 * §4): not where it asks for an answer that is made for it, or for one without end.
 */
export function mayBeCollapsed(request: RequestHead, mode: CacheMode): boolean {
  switch (mode) {
    case 'default':
    case 'force-cache':
    case 'ignore-rules':
      return wantsAnyAnswer(request.headers);
    case 'reload':
    case 'no-cache':
    case 'no-store':
    case 'only-if-cached':
      return false;
    default:
      return assertNever(mode);
  }
}

/** Whether a response has no end to wait for (the HTML Standard, server-sent events). */
export function isEndless(headers: FieldLines): boolean {
  return namesEventStream(headers, 'content-type');
}

function wantsAnyAnswer(headers: FieldLines): boolean {
  // Its answer may be a 304 that means nothing to others, or a part.
  if (hasConditional(headers) || hasField(headers, 'range') || namesEventStream(headers, 'accept'))
    return false;
  const wanted = requestDirectives(headers);
  // §5.2.1.1, §5.2.1.4: the response has to be validated for this request, so after it was made.
  return wanted === undefined || !(wanted.noCache || wanted.noStore || wanted.maxAgeSeconds === 0);
}

function namesEventStream(headers: FieldLines, name: string): boolean {
  return fieldValues(headers, name).some((value) =>
    listMembers(value).some((member) => /^text\/event-stream\s*(;|$)/i.test(member)),
  );
}
