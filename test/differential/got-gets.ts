import type { OptionsInit, StreamOptions } from 'got';
import type { GotScenario, GotStage } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

/** GETs a path of the origin, once. */
export function getting(
  name: string,
  path: string,
  options: OptionsInit = {},
  rest: Partial<GotScenario> = {},
): GotScenario {
  return { name, run: async ({ client, origin }) => client()(`${origin.url}${path}`, options), ...rest };
}

/** GETs a path of the origin with `got.stream`, and reads it to its end or its error. */
export function streaming(
  name: string,
  path: string,
  options: StreamOptions = {},
  rest: Partial<GotScenario> = {},
): GotScenario {
  return {
    name: `${name}, streamed`,
    async run(stage) {
      const stream = stage.client().stream(`${stage.origin.url}${path}`, options);
      stage.watch(stream, 'stream', ['request', 'response', 'redirect', 'retry', 'downloadProgress']);
      const body = await readToEnd(stage, stream, false);
      return [stream.response, stream, body];
    },
    ...rest,
  };
}

/** Reads a path whole. */
export function warmUp(path: string): (stage: GotStage) => Promise<unknown> {
  return ({ client, origin }) => client()(`${origin.url}${path}`, { responseType: 'buffer' });
}

export const incomplete = 'a body that did not come whole is not stored';

export const failed = 'nothing is stored of a request that failed';

export const unsafe = 'the response to an unsafe method answers no later request';
