import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { HttpCache } from '../../../src/http-cache.ts';
import type { Asked, Client } from '../clients.ts';
import { type Resource, soakBody } from '../soak-origin.ts';

/** What one step of the soak is taken with. */
export interface Step {
  readonly client: Client;
  readonly cache: HttpCache;
  readonly origin: string;
  /** A number from 0 to 1, another at each call and the same in each run. */
  readonly chance: () => number;
}

/** Takes one step: one request, mostly, that is answered as it should be or ends as its caller wanted. */
export async function takeStep(step: Step): Promise<void> {
  let dice = step.chance() * total;
  for (const [weight, take] of steps) {
    dice -= weight;
    if (dice < 0) {
      await take(step);
      return;
    }
  }
}

const steps: readonly (readonly [weight: number, take: (step: Step) => Promise<void>])[] = [
  [300, (step) => whole(step, 'fresh')],
  [80, (step) => whole(step, 'etag')],
  [60, (step) => whole(step, 'brief')],
  [60, (step) => whole(step, 'revalidating')],
  [60, gzip],
  [30, (step) => whole(step, 'large')],
  [40, (step) => whole(step, 'private')],
  [60, vary],
  [40, redirect],
  [100, (step) => streamed(step, 'fresh')],
  [40, (step) => streamed(step, 'large')],
  [40, (step) => streamed(step, 'gzip')],
  [40, (step) => leftMidway(step, 'large')],
  [20, (step) => leftMidway(step, 'stalling')],
  [30, leftUnread],
  [40, abortedAtOnce],
  [30, abortedSoon],
  [10, timedOut],
  [30, (step) => failing(step, 'truncated')],
  [20, (step) => failing(step, 'reset')],
  [30, missing],
  [30, shaky],
  [20, head],
  [20, unsafe],
  [10, deleted],
  [1, ({ cache }) => cache.clear()],
];
const total = steps.reduce((sum, [weight]) => sum + weight, 0);

function pick(chance: Step['chance'], kind: string): Resource {
  return { kind, number: Math.floor(chance() * (kind === 'large' ? 10 : 60)) };
}

function urlOf({ origin }: Step, { kind, number }: Resource): string {
  return `${origin}/${kind}/${number}`;
}

function expectBody(got: Buffer, resource: Resource, language?: string): void {
  if (got.equals(soakBody(resource, language))) return;
  throw new Error(`The body of ${resource.kind} ${resource.number} is wrong: ${got.length} bytes.`);
}

async function whole(step: Step, kind: string): Promise<void> {
  const resource = pick(step.chance, kind);
  const { body } = await step.client.fetch(urlOf(step, resource));
  expectBody(body, resource);
}

/** Without the cache, too, axios fails what it still decodes when the next request on that connection fails. */
async function gzip(step: Step): Promise<void> {
  await whole(step, 'gzip').catch(onlyByConnection);
}

/** For what may fail with another request on a connection that was its own before. */
function onlyByConnection(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ECONNRESET' && error.code !== 'ETIMEDOUT') throw error;
}

async function streamed(step: Step, kind: string): Promise<void> {
  const resource = pick(step.chance, kind);
  const { body } = await step.client.open(urlOf(step, resource));
  expectBody(Buffer.concat(await body.toArray()), resource);
}

async function vary(step: Step): Promise<void> {
  const resource = pick(step.chance, 'vary');
  const language = step.chance() < 0.5 ? 'de' : 'fr';
  const { body } = await step.client.fetch(urlOf(step, resource), {
    headers: { 'Accept-Language': language },
  });
  expectBody(body, resource, language);
}

/** Without the cache, too, axios fails a redirected request with the connection of an earlier hop, which others use by then. */
async function redirect(step: Step): Promise<void> {
  const { number } = pick(step.chance, 'redirect');
  await step.client.fetch(urlOf(step, { kind: 'redirect', number })).then(
    ({ body }) => expectBody(body, { kind: 'fresh', number }),
    (error: NodeJS.ErrnoException) => onlyByConnection(error),
  );
}

async function missing(step: Step): Promise<void> {
  await expectFailure(step.client.fetch(urlOf(step, pick(step.chance, 'missing'))), /404/);
}

async function failing(step: Step, kind: string): Promise<void> {
  const url = urlOf(step, pick(step.chance, kind));
  await expectFailure(step.client.fetch(url), /aborted|socket hang up|ECONNRESET/);
}

async function shaky(step: Step): Promise<void> {
  const resource = pick(step.chance, 'shaky');
  try {
    const { body } = await step.client.fetch(urlOf(step, resource));
    expectBody(body, resource);
  } catch (error) {
    if (!/503/.test(String(error))) throw error;
  }
}

async function leftMidway(step: Step, kind: string): Promise<void> {
  const { body } = await step.client.open(urlOf(step, pick(step.chance, kind)));
  for await (const chunk of body) if (chunk.length > 0) break;
}

async function leftUnread(step: Step): Promise<void> {
  const { body } = await step.client.open(urlOf(step, pick(step.chance, 'large')));
  body.on('error', () => undefined);
  body.destroy();
  if (!body.closed) await once(body, 'close');
}

async function abortedAtOnce(step: Step): Promise<void> {
  const control = new AbortController();
  const answer = fetchAny(step, { signal: control.signal });
  control.abort();
  await expectFailure(answer, /abort|cancel/);
}

async function abortedSoon(step: Step): Promise<void> {
  const control = new AbortController();
  const answer = fetchAny(step, { signal: control.signal }).catch((error: unknown) => error);
  for (let turns = step.chance() * 4; turns > 0; turns -= 1) await setImmediate();
  control.abort();
  const error = await answer;
  if (error instanceof Error && !/abort|cancel/.test(error.message)) throw error;
}

async function timedOut(step: Step): Promise<void> {
  const kind = step.chance() < 0.5 ? 'silent' : 'stalling';
  const answer = step.client.fetch(urlOf(step, pick(step.chance, kind)), { timeout: 20 });
  await expectFailure(answer, /timeout|aborted/i);
}

async function head(step: Step): Promise<void> {
  const { body } = await step.client.fetch(urlOf(step, pick(step.chance, 'fresh')), { method: 'HEAD' });
  if (body.length > 0) throw new Error('A response to HEAD has a body.');
}

async function unsafe(step: Step): Promise<void> {
  await step.client.fetch(urlOf(step, pick(step.chance, 'fresh')), { method: 'POST' });
}

async function deleted(step: Step): Promise<void> {
  await step.cache.delete(urlOf(step, pick(step.chance, 'fresh')));
}

function fetchAny(step: Step, asked: Asked): Promise<unknown> {
  const kinds = ['fresh', 'large', 'etag', 'brief', 'private', 'silent', 'stalling', 'vary'];
  const kind = kinds[Math.floor(step.chance() * kinds.length)] ?? 'fresh';
  return step.client.fetch(urlOf(step, pick(step.chance, kind)), asked);
}

async function expectFailure(answer: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await answer.then(
    () => new Error(`There was no failure like ${message}.`),
    (reason: unknown) => reason,
  );
  if (!message.test(String(error))) throw error;
}
