import { describe, expect, it } from 'vitest';
import type { Route } from '../helpers/origin.ts';
import { send } from '../helpers/reply.ts';
import { setStage, type Stage, storingRows } from '../streams/stage.ts';
import { type Answer, ask, startAsking } from './ask.ts';

const everybody = ['nobody', 'ada', 'bob'] as const;
type Who = (typeof everybody)[number];

/** Tells who asks. */
const who =
  (cacheControl: string): Route =>
  (call) =>
    send(call, {
      headers: [['Cache-Control', cacheControl]],
      body: call.request.headers.authorization ?? 'nobody',
    });

const as = (name: Who): { headers?: { Authorization: string } } =>
  name === 'nobody' ? {} : { headers: { Authorization: name } };

/** Who of everybody gets from the store what was stored for the first. */
async function whoGets(stage: Stage, first: Who): Promise<Who[]> {
  const served: Who[] = [];
  for (const second of everybody) {
    const path = `/?${first}&${second}`;
    expect((await ask(stage, path, as(first))).body).toBe(first);
    const { outcome, body } = await ask(stage, path, as(second));
    expect(body).toBe(outcome === 'hit' ? first : second);
    if (outcome === 'hit') served.push(second);
  }
  return served;
}

describe.each(storingRows)('what answers Authorization, $client, $store', (row) => {
  it.each<[shared: boolean, cacheControl: string, nobodys: readonly Who[], adas: readonly Who[]]>([
    [false, 'max-age=60', everybody, ['ada']],
    [false, 'max-age=60, public', everybody, everybody],
    [false, 'max-age=60, s-maxage=60', everybody, ['ada']],
    [false, 'max-age=60, must-revalidate', everybody, ['ada']],
    [false, 'max-age=60, private', everybody, ['ada']],
    [false, 'max-age=60, no-store', [], []],
    [true, 'max-age=60', everybody, []],
    [true, 'max-age=60, public', everybody, everybody],
    [true, 's-maxage=60', everybody, everybody],
    [true, 'max-age=60, must-revalidate', everybody, everybody],
    [true, 'max-age=60, private', [], []],
    [true, 'max-age=60, public, no-store', [], []],
  ])('with shared: %s and "%s", goes from nobody to %j, and from ada to %j', async (...given) => {
    const [shared, cacheControl, nobodys, adas] = given;
    await using stage = await setStage(row, { '/': who(cacheControl) }, { shared });
    expect(await whoGets(stage, 'nobody')).toEqual(nobodys);
    expect(await whoGets(stage, 'ada')).toEqual(adas);
  });

  it('goes to each what is theirs when twelve ask at once', async () => {
    await using stage = await setStage(row, { '/': who('max-age=60') });
    for (let round = 0; round < 3; round += 1) {
      const names = Array.from({ length: 12 }, (_, n) => everybody[(n + round) % 3] ?? 'nobody');
      const answers = await Promise.all(names.map(async (name) => startAsking(stage, '/', as(name))));
      for (const [n, name] of names.entries()) expect([name, 'nobody']).toContain(bodyOf(answers[n]));
      await stage.cache.idle();
    }
  });
});

function bodyOf(answer: Answer | undefined): string | undefined {
  return answer?.body;
}
