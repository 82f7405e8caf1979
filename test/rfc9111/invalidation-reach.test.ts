import { describe, expect, it } from 'vitest';
import { send } from '../helpers/reply.ts';
import { setStage, storingRows } from '../streams/stage.ts';
import { ask } from './ask.ts';
import { page, setPages, storedOf } from './pages.ts';

describe.each(storingRows)('RFC 9111 §4.4: an unsafe request reaches, $client, $store', (row) => {
  it('what is stored under a replacement of its URI, and of those that the response names', async () => {
    await using stage = await setPages(row, ['/item?session=1', '/list?session=1', '/other'], {
      cacheKey: ({ url }) => url.replace(/\?.*/, ''),
    });
    const sessions = ['/item?session=2', '/list?session=2', '/other?session=2'];
    expect(await storedOf(stage, sessions)).toEqual(sessions);
    stage.origin.route('/item', (call) =>
      send(call, { status: 201, headers: [['Location', '/list?session=3']] }),
    );
    await ask(stage, '/item?session=3', { method: 'PUT', body: 'x' });
    expect(await storedOf(stage, sessions)).toEqual(['/other?session=2']);
  });

  it('what is stored under every suffix of its URI, and of those that the response names', async () => {
    await using stage = await setStage(
      row,
      { '/item': page, '/list': page, '/other': page },
      {
        cacheKey: ({ headers }) => ({
          suffix: headers.find(([name]) => name.toLowerCase() === 'x-tenant')?.[1] ?? '',
        }),
      },
    );
    const as = (tenant: string, path: string) => ask(stage, path, { headers: { 'X-Tenant': tenant } });
    const all = ['/item', '/list', '/other'].flatMap((path) =>
      ['one', 'two'].map((tenant) => [tenant, path] as const),
    );
    for (const [tenant, path] of all) await as(tenant, path);
    stage.origin.route('/item', (call) => send(call, { status: 201, headers: [['Location', '/list']] }));
    await ask(stage, '/item', { method: 'PUT', body: 'x', headers: { 'X-Tenant': 'three' } });
    const outcomes = [];
    for (const [tenant, path] of all) outcomes.push((await as(tenant, path)).outcome);
    expect(outcomes).toEqual(['miss', 'miss', 'miss', 'miss', 'hit', 'hit']);
  });

  it('what the option invalidates names, of any origin, unless the answer is an error', async () => {
    await using other = await setPages(row, ['/feed']);
    const feed = `${other.origin.url}/feed`;
    await using stage = await setPages(row, ['/list', '/other'], {
      invalidates: ({ method }) => (method === 'PATCH' ? [`${stage.origin.url}/list`, feed] : undefined),
    });
    await ask(stage, feed);
    const paths = ['/list', '/other', feed];
    for (const [status, left] of [
      [409, paths],
      [200, ['/other']],
    ] as const) {
      stage.origin.route('/item', (call) => send(call, { status }));
      await ask(stage, '/item', { method: 'PATCH', body: 'x' });
      expect(await storedOf(stage, paths)).toEqual(left);
    }
  });

  it('the page that it is redirected to, which is then asked for and stored anew', async () => {
    await using stage = await setPages(row, ['/form', '/list']);
    stage.origin.route('/form', (call) => send(call, { status: 303, headers: [['Location', '/list']] }));
    const posted = await ask(stage, '/form', { method: 'POST', body: 'x' });
    expect(posted).toMatchObject({ status: 200, body: '2', outcome: 'miss' });
    expect(await ask(stage, '/list')).toMatchObject({ body: '2', outcome: 'hit' });
    expect(await storedOf(stage, ['/form'])).toEqual([]);
  });
});
