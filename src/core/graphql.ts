/**
 * Whether a request body may be a GraphQL operation that changes something or has no end: one with a mutation or a
 * subscription in its document, or one whose document is not there to be seen (persisted operations). What is no GraphQL at
 * all is none. When in doubt it is one.
 *
 * @param contentType - The media type of the body, with or without parameters.
 * @param path - The path of the target URI: one with `graphql` in it, or a segment `gql`, is for GraphQL alone.
 */
export function mayBeGraphqlWrite(body: string, contentType: string, path: string): boolean {
  const isForGraphql = /graphql|\/gql(?:\/|$)/i.test(path);
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  // Text in UTF-16.
  if (body.includes('\0')) return isForGraphql || mediaType === 'application/graphql' || namesWrite(body);
  if (mediaType === 'application/graphql') return documentMayWrite(body, true);
  if (mediaType.startsWith('multipart/') || mediaType === 'application/x-www-form-urlencoded') {
    return isForGraphql || namesWrite(body);
  }
  if (!mediaType.endsWith('json') && !/^\s*[[{]/.test(body)) return isForGraphql;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return isForGraphql || namesWrite(body);
  }
  const operations: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (operations.some((operation) => operationMayWrite(operation, isForGraphql))) return true;
  // Of several members with one name, servers take the first or the last (RFC 8259 §4).
  const documents = body.match(/"query"\s*:/g) ?? [];
  return documents.length > operations.length && namesWrite(body);
}

/**
 * Whether a query of a target URI may hold a GraphQL operation that changes something or has no end: many servers take one
 * there before they look into the body.
 */
export function mayBeGraphqlWriteInQuery(parameters: URLSearchParams): boolean {
  return (
    parameters.has('extensions') || parameters.getAll('query').some((one) => documentMayWrite(one, false))
  );
}

/**
 * Whether a text has one of the words anywhere: what is before them may be an escape that ends in a letter, as `\n` in JSON
 * and `%0A` in a form. Also in UTF-16, where each letter has a NUL beside it, and with letters that are escaped themselves.
 */
function namesWrite(text: string): boolean {
  const plain = text
    .replaceAll('\0', '')
    .replaceAll(/(?:%|\\u00)([2-7][\da-f])/gi, (_escape, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  return /mutation|subscription/.test(plain);
}

/** One operation as it goes over HTTP: the document in `query`, or the name of one that the server has. */
function operationMayWrite(operation: unknown, isForGraphql: boolean): boolean {
  if (typeof operation !== 'object' || operation === null) return isForGraphql;
  const member = (name: string): unknown => Reflect.get(operation, name);
  const query = member('query');
  if (typeof query === 'string') return documentMayWrite(query, isForGraphql);
  const namesDocument = ['documentId', 'doc_id', 'queryId', 'operationName', 'extensions'].some(
    (name) => member(name) !== undefined,
  );
  return isForGraphql || namesDocument;
}

/** The next of what counts in a document, and of what hides others of it: strings and comments. */
const tokens = /"""|"|#|[{}()[\]]|[_A-Za-z][_0-9A-Za-z]*/g;

/**
 * Whether a document defines anything but queries and fragments (the GraphQL specification, §2.2, §2.3). Takes time linear in
 * its length.
 *
 * @param mustBeGraphql - Whether what turns out to be no document, such as words to search for, is in doubt.
 */
function documentMayWrite(document: string, mustBeGraphql: boolean): boolean {
  let depth = 0;
  let isKnown = false;
  let at = 0;
  for (;;) {
    tokens.lastIndex = at;
    const [token] = tokens.exec(document) ?? [];
    if (token === undefined) return depth !== 0 || (mustBeGraphql && !isKnown);
    at = tokens.lastIndex;
    switch (token) {
      case '"""':
      case '"':
      case '#': {
        const end = endOfHidden(document, at, token);
        // What does not end is for the server to make something of.
        if (end === undefined) return true;
        at = end;
        break;
      }
      case '{':
      case '(':
      case '[':
        depth += 1;
        isKnown ||= token === '{';
        break;
      case '}':
      case ')':
      case ']':
        depth -= 1;
        if (depth < 0) return true;
        break;
      default:
        if (depth > 0) break;
        if (token === 'mutation' || token === 'subscription') return true;
        if (token === 'query' || token === 'fragment') isKnown = true;
        else if (!isKnown) return mustBeGraphql;
    }
  }
}

/** Where a string or a comment ends; `undefined` when it does not. */
function endOfHidden(document: string, from: number, start: '"""' | '"' | '#'): number | undefined {
  if (start === '#') {
    const end = document.slice(from).search(/[\n\r]/);
    return end === -1 ? document.length : from + end;
  }
  for (let at = from; ;) {
    const end = document.indexOf(start, at);
    if (end === -1) return undefined;
    if (!isEscaped(document, end, start, from)) return end + start.length;
    // All quotes that are escaped together: the last of them do not begin the end.
    at = end + start.length;
  }
}

/** In a string a backslash escapes what follows, also another; in a block string only the three quotes. */
function isEscaped(document: string, at: number, start: '"""' | '"', from: number): boolean {
  let first = at;
  while (first > from && document[first - 1] === '\\') first -= 1;
  const backslashes = at - first;
  return start === '"""' ? backslashes > 0 : backslashes % 2 === 1;
}
