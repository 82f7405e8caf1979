import type { AxiosRequestConfig } from 'axios';
import type { AxiosScenario, AxiosStage } from './axios-kit.ts';
import { readToEnd } from './read-to-end.ts';

/** GETs a path of the origin, once. */
export function getting(
  name: string,
  path: string,
  config: AxiosRequestConfig = {},
  rest: Partial<AxiosScenario> = {},
): AxiosScenario {
  return { name, run: ({ client, origin }) => client().get(`${origin.url}${path}`, config), ...rest };
}

/** GETs a path of the origin as a stream, and reads it to its end or its error. */
export function streaming(
  name: string,
  path: string,
  config: AxiosRequestConfig = {},
  rest: Partial<AxiosScenario> = {},
): AxiosScenario {
  return { name: `${name}, streamed`, run: (stage) => readStream(stage, path, config), ...rest };
}

async function readStream(stage: AxiosStage, path: string, config: AxiosRequestConfig): Promise<unknown> {
  const url = `${stage.origin.url}${path}`;
  const response = await stage.client().get(url, { ...config, responseType: 'stream' });
  const body = await readToEnd(stage, response.data);
  return [response, body];
}

/** Reads a path whole. */
export function warmUp(path: string): (stage: AxiosStage) => Promise<unknown> {
  return ({ client, origin }) =>
    client().get(`${origin.url}${path}`, { responseType: 'arraybuffer', validateStatus: null });
}
