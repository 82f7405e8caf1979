import type { HttpResponse } from '../../../../src/core/message.ts';
import type { CacheEntry } from '../../../../src/managers/manager.ts';
import { sampleHead, samplePolicy } from '../../samples.ts';

/** Bodies that fit into their entry file, and that do not. */
export const SMALL = 600;
export const LARGE = 150_000;

/** What is stored: a key, and a name for what is stored under it. */
export interface Told {
  readonly key: string;
  readonly version: string;
  readonly size: number;
  /** What the body is made from; the key and the version unless two are to have equal bodies. */
  readonly seed?: string;
}

/** A body from which its seed can be told, whole. */
export function toldBody({ key, version, size, seed = `${key} ${version}` }: Told): Buffer {
  return Buffer.alloc(size, `${seed};`);
}

/** A response whose every part tells its key, its version and how its body is made. */
export function toldResponse(told: Told): HttpResponse {
  const { key, version, size, seed = `${key} ${version}` } = told;
  const head = sampleHead(`http://origin.test/${key}`);
  return { ...head, statusText: JSON.stringify({ key, version, size, seed }), body: toldBody(told) };
}

/** The policy of a told response. */
export function toldPolicy({ key, version }: Told): ReturnType<typeof samplePolicy> {
  return samplePolicy(`${key} ${version}`);
}

/**
 * The version that was found under a key.
 *
 * @throws when what was found is not, part for part and byte for byte, what was stored under the key at some time.
 */
export function versionOf(key: string, found: CacheEntry | undefined): string | undefined {
  if (found === undefined) return undefined;
  const { body, statusText, url } = found.response;
  const told = JSON.parse(statusText) as Told;
  const policy = toldPolicy(told);
  if (told.key !== key || url !== `http://origin.test/${key}`)
    throw new Error(`wrong: ${key} has the head of ${statusText}`);
  if (JSON.stringify(found.policy) !== JSON.stringify(policy))
    throw new Error(`wrong: ${key} has another policy`);
  if (Buffer.compare(body, toldBody(told)) !== 0)
    throw new Error(`wrong: ${key} has not the body of ${statusText}`);
  return told.version;
}
