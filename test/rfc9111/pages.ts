import type { Route } from '../helpers/origin.ts';
import { fresh, send } from '../helpers/reply.ts';
import { setStage, type Stage, type StageOptions, type StageRow } from '../streams/stage.ts';
import { ask } from './ask.ts';

/** A page that is fresh for an hour, has a representation for each language, and tells how often it was asked for. */
export const page: Route = (call) =>
  send(call, { headers: [fresh, ['Vary', 'Accept-Language']], body: `${call.nth}` });

/** A stage with a page at each of these paths, all of them stored. */
export async function setPages(
  row: StageRow,
  paths: readonly string[],
  options?: StageOptions,
): Promise<Stage> {
  const stage = await setStage(
    row,
    Object.fromEntries(paths.map((path) => [path.replace(/\?.*/, ''), page])),
    options,
  );
  for (const path of paths) await ask(stage, path);
  return stage;
}

/** Which of these paths are answered from the store. */
export async function storedOf(stage: Stage, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const { outcome } = await ask(stage, path, { httpCache: { mode: 'only-if-cached' } });
    if (outcome === 'hit') found.push(path);
  }
  return found;
}
