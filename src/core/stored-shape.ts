/** What comes out of a store, before it is believed. */
export interface Untrusted {
  readonly head: unknown;
  readonly policy: unknown;
}

/** Whether what a store gave can be used: what somebody damaged cannot, and a later version's is not ours to read. */
export function storedShape({ head, policy }: Untrusted): 'usable' | 'newer' | 'unusable' {
  if (!isObject(policy)) return 'unusable';
  if (typeof policy['v'] === 'number' && policy['v'] > 1) return 'newer';
  return policy['v'] === 1 && isPolicy(policy) && isHead(head) ? 'usable' : 'unusable';
}

type Shape = Record<string, unknown>;

function isPolicy(policy: Shape): boolean {
  if (typeof policy['id'] !== 'string' || typeof policy['epoch'] !== 'string') return false;
  if (policy['kind'] === 'index') return isIndexPolicy(policy);
  return policy['kind'] === 'response' && isResponsePolicy(policy);
}

function isIndexPolicy(policy: Shape): boolean {
  return (
    isTime(policy['invalidatedAt']) &&
    isList(policy['sets'], isVariantSet) &&
    (policy['tags'] === undefined || isList(policy['tags'], isVariantTag)) &&
    isOptionalTime(policy['staleSince']) &&
    (policy['prefixes'] === undefined || isList(policy['prefixes'], isPrefixMark))
  );
}

function isResponsePolicy(policy: Shape): boolean {
  return (
    typeof policy['method'] === 'string' &&
    isTime(policy['requestTime']) &&
    isTime(policy['responseTime']) &&
    isTime(policy['initialAgeMs']) &&
    isFreshness(policy['freshness']) &&
    isOptionalTime(policy['errorStatus']) &&
    isOptionalTime(policy['staleSince']) &&
    isOptionalTime(policy['indexStaleSince']) &&
    isOptionalTime(policy['marksSeen']) &&
    (policy['groups'] === undefined || isList(policy['groups'], isStoredGroup)) &&
    isDirectives(policy['directives']) &&
    isOptionalValue(policy['etag']) &&
    isOptionalValue(policy['lastModified']) &&
    isList(policy['selecting'], isSelectingField) &&
    isDigest(policy['credentials'])
  );
}

function isFreshness(value: unknown): boolean {
  if (!isObject(value)) return false;
  switch (value['kind']) {
    case 'explicit':
      return isTime(value['lifetimeMs']);
    case 'heuristic':
      return isTime(value['sinceLastModifiedMs']);
    default:
      return value['kind'] === 'none';
  }
}

function isDirectives(value: unknown): boolean {
  if (!isObject(value)) return false;
  const flags = ['noCache', 'mustRevalidate', 'proxyRevalidate', 'immutable', 'public'];
  return (
    flags.every((name) => typeof value[name] === 'boolean') &&
    isTime(value['staleWhileRevalidateMs']) &&
    isOptionalTime(value['staleIfErrorMs']) &&
    isList(value['noCacheFields'], isText)
  );
}

function isVariantSet(value: unknown): boolean {
  return isObject(value) && typeof value['credentialed'] === 'boolean' && isList(value['names'], isText);
}

function isStoredGroup(value: unknown): boolean {
  return isList(value, isText) && Array.isArray(value) && value.length === 3;
}

function isPrefixMark(value: unknown): boolean {
  return (
    isObject(value) &&
    isTime(value['nth']) &&
    isText(value['prefix']) &&
    isTime(value['at']) &&
    typeof value['isStale'] === 'boolean'
  );
}

function isVariantTag(value: unknown): boolean {
  return (
    isObject(value) &&
    isSendable(value['etag']) &&
    isList(value['selecting'], isSelectingField) &&
    isDigest(value['credentials'])
  );
}

function isDigest(value: unknown): boolean {
  return value === null || isText(value);
}

function isSelectingField(value: unknown): boolean {
  return Array.isArray(value) && isText(value[0]) && (value[1] === null || isText(value[1]));
}

function isHead(head: unknown): boolean {
  return (
    isObject(head) &&
    isFinalStatus(head['status']) &&
    isFieldText(head['statusText']) &&
    isText(head['httpVersion']) &&
    isList(head['headers'], isFieldLine) &&
    isList(head['trailers'], isFieldLine)
  );
}

function isFinalStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 999;
}

function isFieldLine(value: unknown): boolean {
  return Array.isArray(value) && isFieldText(value[0]) && isFieldText(value[1]);
}

/** RFC 9110 §5.5: CR, LF and NUL in a field would end it where its reader does not expect it. */
function isFieldText(value: unknown): boolean {
  return isText(value) && !/[\0\r\n]/.test(value);
}

function isObject(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isOptionalValue(value: unknown): boolean {
  return value === undefined || isSendable(value);
}

/** RFC 9110 §5.5: what a condition may carry to the origin. A request with anything else would fail. */
function isSendable(value: unknown): boolean {
  return isText(value) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function isTime(value: unknown): boolean {
  return Number.isFinite(value);
}

function isOptionalTime(value: unknown): boolean {
  return value === undefined || isTime(value);
}

function isList(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isMember);
}
