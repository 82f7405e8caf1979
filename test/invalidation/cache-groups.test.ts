import { describe, expect, it } from 'vitest';
import { answers } from '../rfc9111/answers.ts';
import { ask } from '../rfc9111/ask.ts';
import type { Route } from '../helpers/origin.ts';
import { endRedisAfterwards, rows, setUp, type Row } from './setting.ts';

endRedisAfterwards();

const grouped = (groups: string | readonly string[]): Route =>
  answers({ headers: { 'Cache-Control': 'max-age=600', 'Cache-Groups': groups } });
const invalidating = (headers: Record<string, string>, status = 200): Route => answers({ status, headers });
const routes = {
  '/a': grouped('"scripts", "styles"'),
  '/b': grouped(['"styles"', '"other";x=1']),
  '/broken': grouped('styles, "styles"'),
  '/post': invalidating({ 'Cache-Group-Invalidation': '"scripts", "other"' }),
  '/failed': invalidating({ 'Cache-Group-Invalidation': '"scripts"' }, 500),
};

describe.each(rows)('Cache-Groups through $client into $store (RFC 9875)', (row: Row) => {
  it('are invalidated by what answers an unsafe method', async () => {
    await using setting = await setUp(row, routes);
    for (const path of ['/a', '/b', '/broken']) await ask(setting, path);
    await ask(setting, '/post');
    expect((await ask(setting, '/a')).outcome).toBe('hit');
    await ask(setting, '/post', { method: 'POST' });
    expect((await ask(setting, '/a')).outcome).toBe('miss');
    expect((await ask(setting, '/b')).outcome).toBe('miss');
    expect((await ask(setting, '/broken')).outcome).toBe('hit');
    await ask(setting, '/failed', { method: 'DELETE' });
    expect((await ask(setting, '/a')).outcome).toBe('miss');
    expect((await ask(setting, '/b')).outcome).toBe('hit');
  });

  it('are invalidated by their name and origin', async () => {
    await using setting = await setUp(row, routes);
    await ask(setting, '/a');
    await setting.cache.invalidate({ tag: 'styles' }, { group: 'styles', origin: 'https://other.test' });
    expect((await ask(setting, '/a')).outcome).toBe('hit');
    await setting.cache.invalidate({ group: 'styles', origin: setting.origin.url });
    expect((await ask(setting, '/a')).outcome).toBe('miss');
  });

  it('are of one origin: another one cannot invalidate them', async () => {
    await using setting = await setUp(row, routes);
    await using evil = await setUp(row, routes);
    await ask(setting, '/a');
    await ask(setting, `${evil.origin.url}/post`, { method: 'POST' });
    expect((await ask(setting, '/a')).outcome).toBe('hit');
  });

  it('are known from 32 of them, and bounded in number and length', async () => {
    const many = Array.from({ length: 200 }, (_, at) => `"${String(at).padStart(14, '0')}"`);
    await using setting = await setUp(row, {
      '/many': grouped(many.join(', ')),
      '/long': grouped(`"${'x'.repeat(5000)}"`),
    });
    await ask(setting, '/many');
    await ask(setting, '/long');
    const nth = (at: number): string => String(at).padStart(14, '0');
    await setting.cache.invalidate({ group: nth(199), origin: setting.origin.url });
    expect((await ask(setting, '/many')).outcome).toBe('hit');
    expect((await ask(setting, '/long')).outcome).toBe('hit');
    await setting.cache.invalidate({ group: nth(31), origin: setting.origin.url });
    expect((await ask(setting, '/many')).outcome).toBe('miss');
  });
});
