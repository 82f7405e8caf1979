import type { OriginCall, Route } from '../helpers/origin.ts';

/** What an origin answers with. */
export interface Answer {
  readonly status?: number;
  /** Fields by name; of several values each has a line of its own, and of none there is no line. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Without one, the body tells which request it answers: `body 1`, `body 2` and so on. */
  readonly body?: string;
}

/** Answers the first request with the first of these, the second with the second, and all further ones with the last. */
export function answers(first: Answer, ...rest: readonly Answer[]): Route {
  const given = [first, ...rest];
  return (call) => answer(call, given[Math.min(call.nth, given.length) - 1] ?? first);
}

/** Answers a request, with the origin's `Date` where no other is given. */
export function answer({ request, response, date, nth }: OriginCall, given: Answer): void {
  const { status = 200, headers = {}, body = `body ${nth}` } = given;
  const hasBody = status !== 204 && status !== 304;
  const fields = {
    Date: date,
    ...(hasBody ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}),
    ...headers,
  };
  response.sendDate = false;
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  );
  response.writeHead(status, lines);
  response.end(hasBody && request.method !== 'HEAD' ? body : undefined);
}
