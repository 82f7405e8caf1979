import axios, { type AxiosStatic } from 'axios';
import { expect, it } from 'vitest';
import { newInstallation } from '../../src/axios/installation.ts';
import { HttpCache } from '../../src/index.ts';
import { engineOf } from '../../src/node-http/cache-option.ts';

it.each([
  ['1.5.0', false],
  ['1.15.2', false],
  ['1.16.0', true],
  ['1.21.1', true],
  ['2.0.0', true],
])('takes the timeout of a request without redirects as axios %s does', (VERSION, isTotal) => {
  const other: AxiosStatic = Object.create(axios, { VERSION: { value: VERSION } });
  expect(newInstallation(engineOf(new HttpCache()), other).timeoutIsTotal).toBe(isTotal);
});
