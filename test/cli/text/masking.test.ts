import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMasker } from '../../../src/cli/text/masking.ts';
import { secretNames } from '../../../src/cli/text/secret-names.ts';

const masker = makeMasker({ more: ['shop-id'], showSecrets: false });

describe('a URL', () => {
  it.each([
    ['https://a.test/p?q=1&page=2#top', 'https://a.test/p?q=1&page=2#top'],
    ['https://user:pass@a.test/', 'https://***@a.test/'],
    ['https://user@a.test/@b', 'https://***@a.test/@b'],
    ['https://us@er:p@ss@a.test/', 'https://***@a.test/'],
    ['https://a.test/?token=abc&q=1', 'https://a.test/?token=***&q=1'],
    ['https://a.test/?ACCESS-Token=abc', 'https://a.test/?ACCESS-Token=***'],
    ['https://a.test/?accessToken=abc', 'https://a.test/?accessToken=***'],
    ['https://a.test/?%74oken=abc', 'https://a.test/?%74oken=***'],
    ['https://a.test/?%zz=1&key=abc', 'https://a.test/?%zz=1&key=***'],
    ['https://a.test/?user[password]=abc', 'https://a.test/?user[password]=***'],
    ['https://a.test/?auth.secret=abc', 'https://a.test/?auth.secret=***'],
    ['https://a.test/?a=1;token=abc;def', 'https://a.test/?a=1;token=***'],
    ['https://a.test/?token=a;b&q=1', 'https://a.test/?token=***&q=1'],
    ['https://a.test/?token=a=b?c', 'https://a.test/?token=***?c'],
    ['https://a.test/#access_token=abc', 'https://a.test/#access_token=***'],
    ['https://a.test/?X-Amz-Signature=abc&X-Amz-Date=1', 'https://a.test/?X-Amz-Signature=***&X-Amz-Date=1'],
    ['https://a.test/?shopId=abc', 'https://a.test/?shopId=***'],
    ['https://a.test/?monkey=1&keyboard=2&token', 'https://a.test/?monkey=1&keyboard=2&token'],
    ['https://a.test/?oauth_token=abc&code=d', 'https://a.test/?oauth_token=***&code=***'],
    ['https://a.test/?x-api-key=abc&app_secret=d', 'https://a.test/?x-api-key=***&app_secret=***'],
    ['https://a.test/?PHPSESSID=abc&xsrfToken=d', 'https://a.test/?PHPSESSID=***&xsrfToken=***'],
    ['https://a.test/p;jsessionid=abc;v=1/q?x=1', 'https://a.test/p;jsessionid=***;v=1/q?x=1'],
    ['https://a.test/?to%6ben=abc&%FF%74oken=d', 'https://a.test/?to%6ben=***&%FF%74oken=***'],
    ['https://a.test/?q=a%20b&r=100%25&s=a%26b', 'https://a.test/?q=a%20b&r=100%25&s=a%26b'],
    ['https://a.test/?next=https%3A%2F%2Fu%3Ap%40b.test&q=1', 'https://a.test/?next=***&q=1'],
    [
      'https://a.test/?next=https%3A%2F%2Fb.test%2F%3Fq%3D1',
      'https://a.test/?next=https%3A%2F%2Fb.test%2F%3Fq%3D1',
    ],
    ['https://a.test/?next=%2Fcb%3Fcode%3Dabc&q=1', 'https://a.test/?next=***&q=1'],
    ['https://a.test/?next=%252Fcb%253Fcode%253Dabc&q=1', 'https://a.test/?next=***&q=1'],
    ['https://a.test/?next=https://u:p@b.test/?sig=abc', 'https://a.test/?next=https://***@b.test/?sig=***'],
    ['https://a.test/?next=https://u:p%40b.test/', 'https://a.test/?next=***'],
    ['https://a.test/?token%3Dabc', 'https://a.test/?***'],
    ['https://a.test/?variables=%7B%22password%22%3A%22p%22%7D', 'https://a.test/?variables=***'],
    [`https://a.test/?q=${'%25'.repeat(20)}41`, `https://a.test/?q=${'%25'.repeat(20)}41`],
    [`https://a.test/?q=%${'25'.repeat(20)}41`, 'https://a.test/?q=***'],
    ['https://a.test/#next=%2Fcb%3Fcode%3Dabc', 'https://a.test/#next=***'],
    ['https://a.test/#access_token%3Dabc%26state%3D1', 'https://a.test/#***'],
    ['https://a.test/fetch/https://u:p@b.test/x', 'https://a.test/fetch/https://***@b.test/x'],
    ['https://a.test/fetch/https%3A%2F%2Fu%3Ap%40b.test/x', 'https://a.test/fetch/***/x'],
    ['https://us%40er:p%2Fass@a.test/', 'https://***@a.test/'],
    [
      'https://a.test/?AWSAccessKeyId=abc&oauth_consumer_key=d',
      'https://a.test/?AWSAccessKeyId=***&oauth_consumer_key=***',
    ],
    ['https://a.test/?SAMLResponse=abc&session_key=d', 'https://a.test/?SAMLResponse=***&session_key=***'],
    ['no URL at all', 'no URL at all'],
  ])('%s is printed as %s', (url, masked) => expect(masker.url(url)).toBe(masked));

  it('never shows the value of a secret name', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9;=%+-]*s3cret[A-Za-z0-9;=%+-]*$/);
    const other = fc.stringMatching(/^[a-z=;%]{0,8}$/);
    fc.assert(
      fc.property(fc.constantFrom(...secretNames), secret, other, other, (name, value, before, after) => {
        const url = `https://a.test/?${before}&${name.toUpperCase()}=${value}&${after}`;
        expect(masker.url(url)).not.toContain('s3cret');
        expect(masker.text(`"${url}" failed`)).not.toContain('s3cret');
      }),
    );
  });

  it('of hostile length takes no more than its length', () => {
    const hostile = `https://a.test/?${';a=1'.repeat(200_000)}&token=abc`;
    expect(masker.url(hostile)).toHaveLength(hostile.length);
    expect(masker.url(`https://a.test/${'%25'.repeat(100_000)}`)).toMatch(/^https:/);
    expect(masker.text(`${'a'.repeat(300_000)}%41`)).toMatch(/%41$/);
    expect(masker.text(`${'a://'.repeat(100_000)}?key=abc`)).toMatch(/\?key=\*\*\*$/);
  });
});

describe('a text', () => {
  it.each([
    [
      'The key "https://u:p@a.test/?token=abc" is damaged',
      'The key "https://***@a.test/?token=***" is damaged',
    ],
    ['</login?next=%2Fcb%3Fcode%3Dabc>; rel="next"', '</login?next=***>; rel="next"'],
    ['at "/fetch/https%3A%2F%2Fu%3Ap%40b.test/x"', 'at "/fetch/***/x"'],
    ['90 % of 10%20 is 9', '90 % of 10%20 is 9'],
    ['</next?sig=abc&page=2>; rel="next"', '</next?sig=***&page=2>; rel="next"'],
    ['see https://a.test/?q=1 and mail a@b.test', 'see https://a.test/?q=1 and mail a@b.test'],
  ])('%s is printed as %s', (text, masked) => expect(masker.text(text)).toBe(masked));
});

describe('a field', () => {
  it.each([
    ['Set-Cookie', 'sid=abc; Path=/; HttpOnly', 'sid=***; Path=/; HttpOnly'],
    ['set-cookie', 'abc', '***'],
    ['X-Api-Key', 'abc', '***'],
    ['Authorization', 'Bearer abc', '***'],
    ['Shop-Id', 'abc', '***'],
    ['Location', '/cb?token=abc', '/cb?token=***'],
    ['Cache-Control', 'max-age=60', 'max-age=60'],
  ])('%s: %s is printed as %s', (name, value, masked) => expect(masker.field(name, value)).toBe(masked));
});

it('masks members of metadata by their names, and URLs in them', () => {
  const metadata = { from: ['https://a.test/?key=abc'], auth: { user: 'u' }, n: 1, nothing: null };
  expect(masker.json(metadata)).toEqual({
    from: ['https://a.test/?key=***'],
    auth: '***',
    n: 1,
    nothing: null,
  });
});

it('masks nothing when secrets are to be shown', () => {
  const open = makeMasker({ more: [], showSecrets: true });
  const url = 'https://u:p@a.test/?token=abc';
  expect([open.url(url), open.text(url), open.field('Set-Cookie', 'a=b'), open.json({ token: 1 })]).toEqual([
    url,
    url,
    'a=b',
    { token: 1 },
  ]);
});
