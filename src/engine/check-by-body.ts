import type { RequestHead } from '../core/message.ts';
import { bodyMethods, type BodyMethod } from './body-methods.ts';
import { checkOneOf, show } from './check-option.ts';

type ByBody = readonly BodyMethod[] | ((request: RequestHead) => boolean) | undefined;

/** @throws TypeError for what is neither a list of methods nor a function. */
export function checkByBody(value: ByBody): ByBody {
  if (value === undefined || typeof value === 'function') return value;
  if (Array.isArray(value)) {
    const methods: readonly unknown[] = value;
    return methods.flatMap((method) => checkOneOf<BodyMethod>(method, 'byBody', bodyMethods) ?? []);
  }
  throw new TypeError(
    `The option byBody is ${show(value)}: give a list of methods of ${bodyMethods.join(', ')}, or a function`,
  );
}
