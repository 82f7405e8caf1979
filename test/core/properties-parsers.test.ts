import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCacheControl } from '../../src/core/cache-control.ts';
import { credentialText, defaultCredentialRules } from '../../src/core/credentials.ts';
import { deltaSeconds } from '../../src/core/delta-seconds.ts';
import { entityTags } from '../../src/core/entity-tag.ts';
import { parseHttpDate } from '../../src/core/http-date.ts';
import { initialAgeMs } from '../../src/core/initial-age.ts';
import { listMembers } from '../../src/core/list-members.ts';
import { requestDirectives } from '../../src/core/request-directives.ts';
import { responseDirectives } from '../../src/core/response-directives.ts';
import { isEndless } from '../../src/core/sharing.ts';
import { fieldExclusions, storableFields } from '../../src/core/storable-fields.ts';
import { selectingFields, varyNames } from '../../src/core/vary.ts';
import { hostileText } from './arbitraries.ts';
import { sharedRules, start } from './messages.ts';

const targeted = { ...sharedRules, targetedCacheControl: ['cdn-cache-control'] };

const parsers: readonly (readonly [string, (value: string) => unknown])[] = [
  ['Cache-Control of a request', (value) => requestDirectives([['Cache-Control', value]])],
  ['Cache-Control of a response', (value) => responseDirectives([['Cache-Control', value]], sharedRules)],
  ['CDN-Cache-Control', (value) => responseDirectives([['CDN-Cache-Control', value]], targeted)],
  ['Pragma', (value) => requestDirectives([['Pragma', value]])],
  ['Vary', (value) => varyNames([['Vary', value]])],
  ['a selecting field', (value) => selectingFields(['a'], [['a', value]], () => undefined)],
  ['Expires', (value) => parseHttpDate(value, start)],
  ['Age', (age) => initialAgeMs({ age, date: start, requestTime: start, responseTime: start })],
  ['If-None-Match', (value) => entityTags(value)],
  ['a list', (value) => listMembers(value)],
  ['Content-Type', (value) => isEndless([['Content-Type', value]])],
  ['Connection', (value) => storableFields([['Connection', value]], { dropSetCookie: true })],
  ['fields to leave out', (value) => fieldExclusions([['Cache-Control', value]], sharedRules)],
  ['Cookie', (value) => credentialText([['Cookie', value]], defaultCredentialRules)],
];

/** What may stand between the members of a list (RFC 9110 §5.6.1.2). */
const separator = fc.constantFrom(',', ', ', ' ,\t', ',,', ' , , ');

/** A list of these members, however it is written. */
function written(members: readonly string[], separators: readonly string[]): string {
  return members.map((member, index) => member + (separators[index] ?? ',')).join('');
}

const separators = fc.array(separator, { maxLength: 6 });
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/);
const quoted = fc
  .string({ unit: fc.constantFrom(...' \ta,;="\\\u00e9') })
  .map((text) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`);

describe('a parser', () => {
  it.each(parsers)('of %s takes anything', (_, parse) => {
    fc.assert(
      fc.property(hostileText, (value) => {
        expect(() => parse(value)).not.toThrow();
      }),
    );
  });

  it('reads every list of tokens and quoted strings (RFC 9110 §5.6.1)', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(token, quoted), { maxLength: 6 }), separators, (members, separators) => {
        expect(listMembers(written(members, separators))).toEqual(members);
      }),
    );
  });

  it('reads every list of entity tags (RFC 9110 §8.8.3)', () => {
    const opaque = fc.string({ unit: fc.constantFrom(...'aW/,\\;!~\u00e9') });
    const tag = fc.tuple(fc.constantFrom('', 'W/'), opaque).map(([weak, text]) => `${weak}"${text}"`);
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 6 }), separators, (tags, separators) => {
        expect(entityTags(written(tags, separators))).toEqual(tags);
      }),
    );
  });

  it('reads every list of field names in Vary, on any number of lines (RFC 9110 §12.5.5)', () => {
    const name = token.filter((text) => text !== '*');
    fc.assert(
      fc.property(
        fc.array(fc.array(name, { maxLength: 4 }), { maxLength: 4 }),
        separators,
        (lists, separators) => {
          const names = varyNames(lists.map((list) => ['vary', written(list, separators)]));
          expect(names).toEqual([...new Set(lists.flat().map((text) => text.toLowerCase()))].toSorted());
        },
      ),
    );
  });

  it('reads every delta-seconds, and nothing else (RFC 9111 §1.2.2)', () => {
    fc.assert(fc.property(fc.nat(), (seconds) => deltaSeconds(`${seconds}`) === seconds));
    fc.assert(fc.property(hostileText, (text) => (deltaSeconds(text) !== undefined) === /^\d+$/.test(text)));
  });

  it('reads directives in any order, case and quoting (RFC 9111 §5.2)', () => {
    const directives = fc.record({ maxAge: fc.nat(1e9), sMaxAge: fc.nat(1e9), noStore: fc.boolean() });
    fc.assert(
      fc.property(
        directives,
        token,
        quoted,
        separators,
        fc.boolean(),
        (given, name, argument, separators, quotes) => {
          const mark = quotes ? '"' : '';
          const extension = `x-${name}=${argument}`;
          const members = [`MAX-age=${mark}${given.maxAge}${mark}`, extension, `s-maxage=${given.sMaxAge}`];
          if (given.noStore) members.unshift('No-Store');
          const parsed = parseCacheControl([written(members, separators)]);
          expect(parsed.maxAgeSeconds).toBe(given.maxAge);
          expect(parsed.sMaxAgeSeconds).toBe(given.sMaxAge);
          expect(parsed.noStore).toBe(given.noStore);
        },
      ),
    );
  });
});

describe('RFC 9110 §5.6.7 the forms of an HTTP-date', () => {
  const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

  /** The parts of a date, as its three forms have them. */
  function parts(time: number): Record<'day' | 'dd' | 'month' | 'year' | 'clock', string> {
    const [, dd = '', month = '', year = '', clock = ''] = new Date(time).toUTCString().split(' ');
    return { day: days[new Date(time).getUTCDay()] ?? '', dd, month, year, clock };
  }

  const fiftyYears = 50 * 365 * 86_400;
  const near = fc
    .integer({ min: -49 * 365 * 86_400, max: fiftyYears })
    .map((seconds) => start + seconds * 1000);

  it('are read back alike', () => {
    fc.assert(
      fc.property(near, (time) => {
        const { day, dd, month, year, clock } = parts(time);
        const forms = [
          `${day.slice(0, 3)}, ${dd} ${month} ${year} ${clock} GMT`,
          `${day}, ${dd}-${month}-${year.slice(2)} ${clock} GMT`,
          `${day.slice(0, 3)} ${month} ${dd.replace(/^0/, ' ')} ${clock} ${year}`,
        ];
        for (const form of forms) expect([form, parseHttpDate(form, start)]).toEqual([form, time]);
      }),
    );
  });
});
