import { describe, expect, it } from 'vitest';
import type { IndexPolicy, ResponsePolicy } from '../../src/core/policy-types.ts';
import { storedShape } from '../../src/core/stored-shape.ts';
import { policyOf, storedHead } from './messages.ts';

const head = storedHead([['A', 'b']]);
const policy: ResponsePolicy = {
  ...policyOf({
    'Cache-Control': 'max-age=60, no-cache="set-cookie", stale-if-error=9',
    ETag: '"a"',
    'Last-Modified': 'Wed, 02 Jan 2030 12:00:00 GMT',
  }),
  selecting: [
    ['accept', 'a/b'],
    ['foo', null],
  ],
  credentials: 'digest',
};
const index: IndexPolicy = {
  v: 1,
  kind: 'index',
  id: 'id',
  epoch: 'epoch',
  invalidatedAt: 0,
  sets: [{ names: ['accept'], credentialed: false }],
  tags: [{ etag: '"a"', selecting: [['accept', 'a/b']], credentials: null }],
};

/** What is stored, with one value replaced at a path such as `policy.freshness.kind`. */
function damaged(
  whole: unknown,
  path: string,
  value: unknown,
): { readonly head: unknown; readonly policy: unknown } {
  const copy = structuredClone({ head, policy: whole });
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at: unknown = copy;
  for (const name of names) at = Reflect.get(Object(at), name);
  Reflect.set(Object(at), last, value);
  return copy;
}

const noText = [undefined, null, 1, {}, []];
const noTime = [undefined, null, '1', Number.NaN, Infinity, {}];
const noFlag = [undefined, null, 0, 'true'];
const noNames = [undefined, null, 'a', {}, [1], ['a', null]];
const noSelecting = [undefined, null, 'a', {}, ['a'], [['a']], [['a', 1]], [[1, 'a']], [[null, null]]];
const noDigest = [undefined, 1, {}];
const noLines = [
  undefined,
  null,
  'a',
  {},
  ['a'],
  [['a']],
  [['a', 1]],
  [[1, 'a']],
  [['a\n', 'b']],
  [['a', 'b\0']],
];

/** What no field can have, so that a request with it in a condition would fail or be split. */
const noValues = ['"a\r\nX: 1"', '"\0"', '"\u20ac"'];

describe('what a store gives', () => {
  it('is usable as it was stored', () => {
    expect(storedShape({ head, policy })).toBe('usable');
    expect(storedShape({ head, policy: { ...policy, credentials: null } })).toBe('usable');
    expect(storedShape({ head, policy: index })).toBe('usable');
    expect(storedShape({ head, policy: { ...index, tags: undefined } })).toBe('usable');
  });

  it.each([
    { kind: 'none' },
    { kind: 'explicit', lifetimeMs: 0 },
    { kind: 'heuristic', sinceLastModifiedMs: 5 },
  ])('is usable with the freshness %j', (freshness) => {
    expect(storedShape(damaged(policy, 'policy.freshness', freshness))).toBe('usable');
  });

  it.each(['etag', 'lastModified', 'directives.staleIfErrorMs', 'errorStatus', 'extra'])(
    'is usable without %s',
    (name) => {
      expect(storedShape(damaged(policy, `policy.${name}`, undefined))).toBe('usable');
    },
  );

  it.each([200, 999])('is usable with the status %d', (status) => {
    expect(storedShape(damaged(policy, 'head.status', status))).toBe('usable');
  });

  it('is newer with the policy of a later version, whatever else it has', () => {
    expect(storedShape({ head: undefined, policy: { v: 2 } })).toBe('newer');
  });

  it.each([undefined, null, 0, -1, 0.5, '1', '2', true])('is unusable with the version %j', (version) => {
    expect(storedShape(damaged(policy, 'policy.v', version))).toBe('unusable');
  });

  it.each<[string, readonly unknown[]]>([
    ['policy', [undefined, null, 1, 'policy', []]],
    ['policy.kind', ['', 'index', 'other', undefined]],
    ['policy.id', noText],
    ['policy.epoch', noText],
    ['policy.method', noText],
    ['policy.requestTime', noTime],
    ['policy.responseTime', noTime],
    ['policy.initialAgeMs', noTime],
    ['policy.freshness', [undefined, null, 'none', {}, { kind: 'other' }]],
    ['policy.freshness', noTime.map((lifetimeMs) => ({ kind: 'explicit', lifetimeMs }))],
    ['policy.freshness', noTime.map((sinceLastModifiedMs) => ({ kind: 'heuristic', sinceLastModifiedMs }))],
    ['policy.directives', [undefined, null, 'none']],
    ['policy.directives.noCache', noFlag],
    ['policy.directives.mustRevalidate', noFlag],
    ['policy.directives.proxyRevalidate', noFlag],
    ['policy.directives.immutable', noFlag],
    ['policy.directives.public', noFlag],
    ['policy.directives.staleWhileRevalidateMs', noTime],
    ['policy.directives.staleIfErrorMs', [null, '1', Infinity]],
    ['policy.errorStatus', [null, '404', Infinity]],
    ['policy.directives.noCacheFields', noNames],
    ['policy.etag', [null, 1, {}, ...noValues]],
    ['policy.lastModified', [null, 1, {}, ...noValues]],
    ['policy.selecting', noSelecting],
    ['policy.credentials', noDigest],
    ['head', [undefined, null, 1, 'head']],
    ['head.status', [undefined, null, '200', 199, 1000, 200.5, Number.NaN]],
    ['head.statusText', [...noText, 'OK\r\n', '\0']],
    ['head.httpVersion', noText],
    ['head.headers', noLines],
    ['head.trailers', noLines],
  ])('is unusable with another %s', (path, values) => {
    for (const value of values) {
      expect([value, storedShape(damaged(policy, path, value))]).toEqual([value, 'unusable']);
    }
  });

  it.each<[string, readonly unknown[]]>([
    ['policy.kind', ['', 'response', 'other', undefined]],
    ['policy.id', noText],
    ['policy.epoch', noText],
    ['policy.invalidatedAt', noTime],
    ['policy.sets', [undefined, null, {}, ['a'], [null]]],
    ['policy.sets', noNames.map((names) => [{ names, credentialed: true }])],
    ['policy.sets', noFlag.map((credentialed) => [{ names: ['a'], credentialed }])],
    ['policy.tags', [null, 'a', {}, ['a'], [null]]],
    ['policy.tags.0.etag', [...noText, ...noValues]],
    ['policy.tags.0.selecting', noSelecting],
    ['policy.tags.0.credentials', noDigest],
    ['head', [undefined, null]],
  ])('is an unusable index with another %s', (path, values) => {
    for (const value of values) {
      expect([value, storedShape(damaged(index, path, value))]).toEqual([value, 'unusable']);
    }
  });
});
