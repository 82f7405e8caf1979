import { describe, expect, it } from 'vitest';
import { setStage, storingRows } from '../streams/stage.ts';
import { answers } from './answers.ts';
import { ask } from './ask.ts';

const own = { Authorization: 'Bearer a' };
const reload = { 'Cache-Control': 'no-cache' };
const lasting = { 'Cache-Control': 'max-age=600' };
const publicly = { 'Cache-Control': 'public, max-age=600' };

describe.each(storingRows)('what took the place of a stored response, through $client in $store', (row) => {
  it('answers the user whose own it replaced, where it is for anybody (RFC 9111 §4.3.3)', async () => {
    await using stage = await setStage(row, { '/': answers({ headers: lasting }, { headers: publicly }) });
    await ask(stage, '/', { headers: own });
    await ask(stage, '/', { headers: { ...own, ...reload } });
    expect(await ask(stage, '/', { headers: own })).toMatchObject({ outcome: 'hit', body: 'body 2' });
  });

  it('stays gone for that user, too', async () => {
    const gone = { status: 410, headers: publicly };
    await using stage = await setStage(row, { '/': answers({ headers: lasting }, gone) });
    await ask(stage, '/', { headers: own });
    await ask(stage, '/', { headers: { ...own, ...reload } });
    expect((await ask(stage, '/', { headers: own })).status).toBe(410);
  });

  it('answers though it is an error that does not vary', async () => {
    const varying = { headers: { ...lasting, Vary: 'Accept-Language' } };
    const forbidden = { status: 403, headers: lasting };
    await using stage = await setStage(row, { '/': answers(varying, forbidden) });
    const german = { 'Accept-Language': 'de' };
    await ask(stage, '/', { headers: german });
    await ask(stage, '/', { headers: { ...german, ...reload } });
    expect((await ask(stage, '/', { headers: german })).status).toBe(403);
  });
});
