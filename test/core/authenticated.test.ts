import { describe, expect, it } from 'vitest';
import { isAuthenticated } from '../../src/core/authenticated.ts';

describe('RFC 8246 §3 an authenticated context', () => {
  it.each([
    'https://a.test/',
    'http://localhost/',
    'http://localhost:8080/x',
    'http://127.0.0.1/',
    'http://127.10.20.30:8080/',
    'http://[::1]/',
    'http://[::1]:8080/',
  ])('is that of %s', (uri) => {
    expect(isAuthenticated(uri)).toBe(true);
  });

  it.each([
    'http://a.test/',
    'http://a.test/https://b.test/',
    'http://a.test/?http://localhost/',
    'http://localhost.test/',
    'http://127.0.0.1.test/',
    'http://128.0.0.1/',
    'http://127.a.0.1/',
    'http://127a0a0a1/',
    'http://[::2]/',
  ])('is not that of %s', (uri) => {
    expect(isAuthenticated(uri)).toBe(false);
  });
});
