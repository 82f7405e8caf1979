import axios, { type AxiosStatic } from 'axios';
import { expect, it } from 'vitest';
import { type Installation, newInstallation } from '../../src/axios/installation.ts';
import { HttpCache } from '../../src/index.ts';
import { engineOf } from '../../src/node-http/cache-option.ts';

it.each([
  ['1.5.0', false],
  ['1.15.2', false],
  ['1.16.0', true],
  ['1.21.1', true],
  ['2.0.0', true],
])('takes the timeout of a request without redirects as axios %s does', (VERSION, isTotal) => {
  expect(installationOf(VERSION).timeoutIsTotal).toBe(isTotal);
});

it.each([
  ['1.5.0', false],
  ['1.17.0', false],
  ['1.18.0', true],
  ['2.0.0', true],
])('knows sensitiveHeaders as axios %s does', (VERSION, knows) => {
  expect(installationOf(VERSION).knowsSensitiveHeaders).toBe(knows);
});

function installationOf(VERSION: string): Installation {
  const other: AxiosStatic = Object.create(axios, { VERSION: { value: VERSION } });
  return newInstallation(engineOf(new HttpCache()), other);
}
