import type { Stage } from '../streams/stage.ts';

/** A field of the nth request that the origin received, its lines joined; `undefined` where it had none. */
export function sentField({ origin }: Pick<Stage, 'origin'>, nth: number, name: string): string | undefined {
  const request = origin.requests()[nth - 1];
  if (request === undefined) throw new Error(`There was no request ${nth}`);
  const values = request.headers.filter(([sent]) => sent.toLowerCase() === name.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}
