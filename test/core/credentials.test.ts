import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialText, defaultCredentialRules } from '../../src/core/credentials.ts';
import type { FieldLines } from '../../src/core/message.ts';

function text(
  headers: FieldLines,
  cookies = defaultCredentialRules.cookies,
  identity?: string,
): string | undefined {
  return credentialText(headers, { ...defaultCredentialRules, cookies }, identity);
}

describe('credentials of a request', () => {
  it('finds none in a request without any', () => {
    expect(text([['Accept', '*/*']])).toBeUndefined();
    expect(text([['Cookie', ' ; ']])).toBeUndefined();
  });

  it.each(['Authorization', 'Proxy-Authorization', 'X-API-Key', 'Private-Token', 'Cookie'])(
    'tells two values of %s apart',
    (name) => {
      expect(text([[name, 'a=1']])).toBeDefined();
      expect(text([[name, 'a=1']])).not.toBe(text([[name, 'a=2']]));
    },
  );

  it('gives the same for the same credentials, whatever stands around and between them', () => {
    const one: FieldLines = [
      ['Authorization', 'Bearer x'],
      ['Accept', 'a/b'],
      ['Cookie', 'b=2; a=1'],
    ];
    const other: FieldLines = [
      ['cookie', 'a=1'],
      ['Cookie', 'b=2'],
      ['AUTHORIZATION', ' Bearer x'],
    ];
    expect(text(one)).toBe(text(other));
  });

  it.each([
    ...['authorization', 'proxy-authorization', 'api-key', 'apikey', 'x-api-key', 'x-apikey', 'x-api-token'],
    ...['x-auth-key', 'x-auth-token', 'x-access-token', 'x-token', 'access-token', 'auth-token', 'token'],
    ...['x-session-token', 'x-amz-security-token', 'x-goog-api-key', 'x-functions-key', 'private-token'],
    ...['x-shopify-access-token', 'x-vault-token', 'ocp-apim-subscription-key', 'job-token'],
  ])('takes %s for a credential by default', (name) => {
    expect(text([[name, 'secret']])).toBeDefined();
  });

  it('takes every cookie for a credential by default', () => {
    expect(text([['Cookie', 'theme=dark']])).toBeDefined();
  });

  it('gives a text of one form, as digests of it lie in stores', () => {
    expect(
      text(
        [
          ['Cookie', 'b=2; a=1; a=3'],
          ['Authorization', 'x'],
        ],
        'all',
        'me',
      ),
    ).toBe('["me",[["authorization","x"],["cookie a","a=1"],["cookie a","a=3"],["cookie b","b=2"]]]');
  });

  it('keeps the order of cookies of one name', () => {
    expect(text([['Cookie', 'a=1; a=2']])).not.toBe(text([['Cookie', 'a=2; a=1']]));
  });

  it('counts only the cookies that the rules name', () => {
    expect(text([['Cookie', 'theme=dark; sid=1']], ['sid'])).toBe(
      text([['Cookie', 'sid=1; theme=light']], ['sid']),
    );
    expect(text([['Cookie', 'theme=dark']], ['sid'])).toBeUndefined();
    expect(text([['Cookie', 'sid =1']], ['sid'])).toBeDefined();
    expect(text([['Cookie', 'sid=1']], false)).toBeUndefined();
    expect(text([['Cookie', 'sid=1']], ['sid'])).not.toBe(text([['Cookie', 'sid=2']], ['sid']));
  });

  it('counts who asks beyond the fields', () => {
    expect(text([], 'all', 'client certificate')).toBeDefined();
    expect(text([['Cookie', 'a=1']], 'all', 'x')).not.toBe(text([['Cookie', 'a=1']]));
  });

  it('does not take one credential for another', () => {
    expect(text([['Cookie', 'x-api-key=1']])).not.toBe(text([['X-API-Key', '1']]));
    const value = fc.string({ unit: fc.constantFrom('a', '"', ',', '[', ']', '\\', '=') });
    const headers = fc.array(fc.tuple(fc.constantFrom('authorization', 'x-api-key'), value), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(headers, headers, (a, b) => {
        const values = (of: FieldLines, name: string): string[] =>
          of.filter(([field]) => field === name).map(([, text]) => text);
        const names = ['authorization', 'x-api-key'];
        const same = names.every(
          (name) => JSON.stringify(values(a, name)) === JSON.stringify(values(b, name)),
        );
        expect(text(a) === text(b)).toBe(same);
      }),
    );
  });
});
