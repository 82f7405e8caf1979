import type { RequestHead } from '../core/message.ts';
import { askedRange } from '../core/range.ts';
import type { BypassReason } from './cache-info.ts';

/** Why a field of a request keeps the cache from looking at all; `undefined` where none does. */
export function fieldToStandAsideFor(request: RequestHead): BypassReason | undefined {
  for (const [name] of request.headers) {
    switch (name.toLowerCase()) {
      case 'range':
        if (askedRange(request) === 'other') return 'range';
        break;
      case 'upgrade':
      case 'expect':
        return 'upgrade';
      // By these, which are no part of HTTP, frameworks take another method or target URI than the request's own.
      case 'x-http-method':
      case 'x-http-method-override':
      case 'x-method-override':
      case 'x-original-url':
      case 'x-rewrite-url':
        return 'override';
      default:
    }
  }
  return undefined;
}
