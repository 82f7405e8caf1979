import { describe, expect, it } from 'vitest';
import { mayBeGraphqlWrite, mayBeGraphqlWriteInQuery } from '../../src/core/graphql.ts';

const json = (value: unknown): string => JSON.stringify(value);
const graphql = (query: string, rest: object = {}): string => json({ query, ...rest });

describe('a body that may change something', () => {
  it.each([
    ['a mutation', graphql('mutation { like(id: 1) { id } }')],
    ['a named one', graphql('mutation Like($id: ID!) { like(id: $id) { id } }')],
    ['one behind a query', graphql('query A { a } mutation B { b }', { operationName: 'A' })],
    ['one behind a comment', graphql('# query\nmutation { a }')],
    ['one behind a fragment', graphql('fragment F on T { a } mutation { ...F }')],
    ['one behind strings with brackets', graphql('query A { a(b: "}{ \\" }") } mutation { b }')],
    ['one behind a block string', graphql('query A { a(b: """ } \\""" """) } mutation { b }')],
    ['one behind four quotes in a block string', graphql('{ a(b: """ \\"""" ) } # """) } mutation { b }')],
    ['one in a line of its own, in JSON with a byte order mark', `\uFEFF${graphql('\nmutation { a }')}`],
    ['one with an escape, in JSON with a byte order mark', '\uFEFF{"query":"\\u006dutation { a }"}'],
    ['one of two documents, in a line of its own', '{"query":"\\nmutation { a }","query":"{ b }"}'],
    ['one whose word is escaped in the JSON', '{"query":"\\u006dutation { a }"}'],
    ['a subscription', graphql('subscription { a }')],
    ['a batch with one', json([{ query: '{ a }' }, { query: 'mutation { a }' }])],
    ['a persisted operation', json({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } })],
    ['an operation by its id', json({ documentId: 'a', variables: {} })],
    ['an operation by its name', json({ operationName: 'Like', variables: {} })],
    ['a document that does not end', graphql('query { a')],
    ['a document that ends too often', graphql('query { a } } mutation')],
    ['JSON that is none, with the word', '{"query": mutation { a }'],
    ['JSON in UTF-16, with the word', [...graphql('mutation { a }')].join('\0')],
    ['one of two documents of one operation', '{"query":"mutation { a }","query":"query { b }"}'],
  ])('%s', (_what, body) => {
    expect(mayBeGraphqlWrite(body, 'application/json', '/api')).toBe(true);
  });

  it.each([
    ['a document alone', 'mutation { a }', 'application/graphql'],
    ['an upload', 'name="operations"\r\n\r\n{"query":"mutation { a }"}', 'multipart/form-data; boundary=a'],
    ['a form', 'query=mutation+%7B+a+%7D', 'application/x-www-form-urlencoded'],
    [
      'a form with it in a line of its own',
      'query=%0Amutation+%7B+a+%7D',
      'application/x-www-form-urlencoded',
    ],
    ['a form with an escape', 'query=%6Dutation+%7B+a+%7D', 'application/x-www-form-urlencoded'],
    [
      'an upload with it in a line of its own',
      'name="operations"\r\n\r\n{"query":"\\nmutation { a }"}',
      'multipart/form-data; boundary=a',
    ],
    ['a document in UTF-16', [...'{ a } mutation { b }'].join('\0'), 'application/graphql; charset=utf-16'],
    ['JSON under another name', graphql('mutation { a }'), 'text/plain'],
    ['JSON of a kind of its own', graphql('mutation { a }'), 'application/graphql+json; charset=utf-8'],
  ])('%s', (_what, body, contentType) => {
    expect(mayBeGraphqlWrite(body, contentType, '/api')).toBe(true);
  });

  it.each([
    ['what is not JSON', 'a', 'text/plain'],
    ['JSON without a document', '{}', 'application/json'],
    ['words that are no document', graphql('a b'), 'application/json'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded'],
    ['nothing', '', ''],
  ])('at a path for GraphQL, %s', (_what, body, contentType) => {
    expect(mayBeGraphqlWrite(body, contentType, '/v1/graphql')).toBe(true);
  });
});

it.each(['/graphql/', '/admin/graphql.json', '/graphql/v2', '/graphql/Like', '/gql', '/api/gql/'])(
  'an operation by its id alone may change something at %s',
  (path) => {
    expect(mayBeGraphqlWrite(json({ id: 'a', variables: {} }), 'application/json', path)).toBe(true);
  },
);

describe('a body that changes nothing', () => {
  it.each([
    ['a query', graphql('query { a }')],
    ['a query without its word', graphql('{ a { b(c: [1], d: {e: 2}) } }')],
    ['a named query with variables', graphql('query A($b: B = {c: "mutation"}) @d(e: 1) { mutation }')],
    ['a query named like a mutation', graphql('query Mutation { a }')],
    ['queries and fragments', graphql('query A { ...F } fragment F on T { a }')],
    ['a batch of queries', json([{ query: '{ a }' }, { query: 'query { b }' }])],
    ['words to search for', graphql('red shoes')],
    [
      'a query with a variable named like a document',
      graphql('{ a }', { variables: { query: 'red shoes' } }),
    ],
    ['any other JSON', json({ filter: { mutation: true } })],
    ['a list', json([])],
  ])('%s', (_what, body) => {
    expect(mayBeGraphqlWrite(body, 'application/json', '/api')).toBe(false);
  });

  it('a query at a path for GraphQL', () => {
    expect(mayBeGraphqlWrite(graphql('query A { a }'), 'application/json', '/graphql')).toBe(false);
  });

  it('text', () => {
    expect(mayBeGraphqlWrite('SELECT 1', 'application/sql', '/query')).toBe(false);
  });
});

describe('a query of a target URI', () => {
  it.each([
    ['may hold a mutation', 'query=mutation+%7B+a+%7D', true],
    ['may hold a mutation behind a query', 'query={a}&query=mutation{b}', true],
    ['may name a persisted operation', 'extensions=%7B%7D', true],
    ['may hold a query', 'query=%7B+a+%7D', false],
    ['may hold words to search for', 'query=red+shoes', false],
    ['may be about something else', 'q=mutation', false],
  ])('%s', (_what, query, isWrite) => {
    expect(mayBeGraphqlWriteInQuery(new URLSearchParams(query))).toBe(isWrite);
  });
});
