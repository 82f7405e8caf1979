import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { drain } from './drain.ts';
import { originRoutes } from './origin-routes.ts';
import { pairs, startOrigin } from './origin.ts';

async function ask(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, resolve).once('error', reject);
  });
}

test('sends repeated fields in the order and case that the route gave', async () => {
  await using origin = await startOrigin(originRoutes);
  const message = await ask(`${origin.url}/repeated`);
  await drain(message);
  const names = pairs(message.rawHeaders).map(([name]) => name);
  expect(names).toEqual([
    'Date',
    'x-Lower-Upper',
    'Content-Type',
    'Link',
    'Cache-Control',
    'Link',
    'X-Lower-Upper',
    'Warning',
    'X-Empty',
    'Content-Length',
    'Connection',
    'Keep-Alive',
  ]);
});

test('gives every response the same date', async () => {
  const date = new Date('2026-11-03T08:00:00Z');
  await using origin = await startOrigin(originRoutes, { date });
  const message = await ask(`${origin.url}/text`);
  await drain(message);
  expect(message.headers.date).toBe('Tue, 03 Nov 2026 08:00:00 GMT');
});

test('counts requests by path until it is reset', async () => {
  await using origin = await startOrigin(originRoutes);
  await drain(await ask(`${origin.url}/text?a`));
  await drain(await ask(`${origin.url}/json`));
  expect([origin.count('/text'), origin.count()]).toEqual([1, 2]);
  expect(origin.requests('/text')[0]?.target).toBe('/text?a');
  origin.reset();
  expect(origin.count()).toBe(0);
});

test('holds a body back until it is told to go on', async () => {
  await using origin = await startOrigin(originRoutes);
  const message = await ask(`${origin.url}/stall-body`);
  const [first] = await once(message, 'data');
  expect(String(first)).toBe('at first');
  origin.goOn();
  expect(String(await drain(message))).toBe(' at last');
});

test('tells when a request was received', async () => {
  await using origin = await startOrigin(originRoutes);
  const received = origin.received('/text', 2);
  await drain(await ask(`${origin.url}/text`));
  await drain(await ask(`${origin.url}/text`));
  await received;
  expect(origin.count('/text')).toBe(2);
});

test('refuses connections once it is closed', async () => {
  await using origin = await startOrigin(originRoutes);
  await origin.close();
  await expect(ask(`${origin.url}/text`)).rejects.toThrow('ECONNREFUSED');
});
