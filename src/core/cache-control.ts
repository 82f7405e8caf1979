import { deltaSeconds } from './delta-seconds.ts';
import { isFieldName } from './field-name.ts';
import { readDirectives } from './read-directives.ts';

/** The directives of `Cache-Control` that this cache acts on, of a request or a response (RFC 9111 §5.2, RFC 5861, RFC 8246). */
export interface Directives {
  /** `no-store`. */
  readonly noStore: boolean;
  /** `no-cache` without field names. */
  readonly noCache: boolean;
  /** Names that `no-cache="…"` qualifies, in lower case. */
  readonly noCacheFields: readonly string[];
  /** `private` without field names. */
  readonly private: boolean;
  /** Names that `private="…"` qualifies, in lower case. */
  readonly privateFields: readonly string[];
  /** `public`. */
  readonly public: boolean;
  /** `must-revalidate`. */
  readonly mustRevalidate: boolean;
  /** `proxy-revalidate`. */
  readonly proxyRevalidate: boolean;
  /** `must-understand`. */
  readonly mustUnderstand: boolean;
  /** `immutable`. */
  readonly immutable: boolean;
  /** `only-if-cached`. */
  readonly onlyIfCached: boolean;
  /** `max-age` in seconds; 0 when its value is invalid. */
  readonly maxAgeSeconds: number | undefined;
  /** `s-maxage` in seconds; 0 when its value is invalid. */
  readonly sMaxAgeSeconds: number | undefined;
  /** `min-fresh` in seconds. */
  readonly minFreshSeconds: number | undefined;
  /** `max-stale` in seconds; infinite without a value, 0 when its value is invalid. */
  readonly maxStaleSeconds: number | undefined;
  /** `stale-while-revalidate` in seconds. */
  readonly staleWhileRevalidateSeconds: number | undefined;
  /** `stale-if-error` in seconds. */
  readonly staleIfErrorSeconds: number | undefined;
  /** Whether a targeted field of a response gives them, so that `Expires` does not count (RFC 9213 §2.2). */
  readonly targeted: boolean;
}

type Draft = { -readonly [Name in keyof Directives]: Directives[Name] } & {
  readonly noCacheFields: string[];
  readonly privateFields: string[];
};

type FlagName =
  | 'noStore'
  | 'public'
  | 'mustRevalidate'
  | 'proxyRevalidate'
  | 'mustUnderstand'
  | 'immutable'
  | 'onlyIfCached';

type AllowanceName =
  'maxAgeSeconds' | 'sMaxAgeSeconds' | 'staleWhileRevalidateSeconds' | 'staleIfErrorSeconds';

/** Takes one directive that a field has: its name in lower case, and its argument without quotes. */
export type FoundDirective = (name: string, argument: string | undefined) => void;

/** The longest line whose directives are remembered, and the most of them: few lines are sent again and again. */
const longestKnown = 128;
const mostKnown = 256;

const known = new Map<string, Directives>();

const none: Directives = parseLines([]);

/** Parses the lines of a `Cache-Control` field. Never throws, and takes time linear in their length. */
export function parseCacheControl(values: readonly string[]): Directives {
  const [line, second] = values;
  if (line === undefined) return none;
  if (second !== undefined || line.length > longestKnown) return parseLines(values);
  const found = known.get(line);
  if (found !== undefined) return found;
  const directives = parseLines(values);
  if (known.size === mostKnown) known.clear();
  known.set(line, directives);
  return directives;
}

function parseLines(values: readonly string[]): Directives {
  return collectDirectives((found) => {
    for (const value of values) readDirectives(value, found);
  });
}

/**
 * What the directives mean that a reader finds in a field.
 *
 * Whatever is doubtful is read in the most restrictive way: of a repeated directive the strictest holds, a lifetime
 * that is no delta-seconds is 0, and an unqualified directive wins over a qualified one (RFC 9111 §4.2.1).
 */
export function collectDirectives(read: (found: FoundDirective) => void): Directives {
  const draft: Draft = {
    noStore: false,
    noCache: false,
    noCacheFields: [],
    private: false,
    privateFields: [],
    public: false,
    mustRevalidate: false,
    proxyRevalidate: false,
    mustUnderstand: false,
    immutable: false,
    onlyIfCached: false,
    maxAgeSeconds: undefined,
    sMaxAgeSeconds: undefined,
    minFreshSeconds: undefined,
    maxStaleSeconds: undefined,
    staleWhileRevalidateSeconds: undefined,
    staleIfErrorSeconds: undefined,
    targeted: false,
  };
  read((name, argument) => apply(draft, name, argument));
  return draft;
}

/** Directives without an argument. */
const flags: ReadonlyMap<string, FlagName> = new Map<string, FlagName>([
  ['no-store', 'noStore'],
  ['public', 'public'],
  ['must-revalidate', 'mustRevalidate'],
  ['proxy-revalidate', 'proxyRevalidate'],
  ['must-understand', 'mustUnderstand'],
  ['immutable', 'immutable'],
  ['only-if-cached', 'onlyIfCached'],
]);

/** Directives whose argument is a delta-seconds that allows the more the larger it is. */
const allowances: ReadonlyMap<string, AllowanceName> = new Map<string, AllowanceName>([
  ['max-age', 'maxAgeSeconds'],
  ['s-maxage', 'sMaxAgeSeconds'],
  ['stale-while-revalidate', 'staleWhileRevalidateSeconds'],
  ['stale-if-error', 'staleIfErrorSeconds'],
]);

function apply(draft: Draft, name: string, argument: string | undefined): void {
  const flag = flags.get(name);
  if (flag !== undefined) draft[flag] = true;
  const allowance = allowances.get(name);
  if (allowance !== undefined) draft[allowance] = smaller(draft[allowance], deltaSeconds(argument) ?? 0);
  switch (name) {
    case 'no-cache': {
      const names = qualifiedNames(argument);
      if (names === undefined) draft.noCache = true;
      else for (const one of names) draft.noCacheFields.push(one);
      return;
    }
    case 'private': {
      const names = qualifiedNames(argument);
      if (names === undefined) draft.private = true;
      else for (const one of names) draft.privateFields.push(one);
      return;
    }
    case 'max-stale': {
      const limit = argument === undefined ? Infinity : (deltaSeconds(argument) ?? 0);
      draft.maxStaleSeconds = smaller(draft.maxStaleSeconds, limit);
      return;
    }
    case 'min-fresh':
      draft.minFreshSeconds = Math.max(draft.minFreshSeconds ?? 0, deltaSeconds(argument) ?? 0);
      return;
    default:
    // §5.2.3: a directive that is not known is ignored.
  }
}

function smaller(earlier: number | undefined, later: number): number {
  return earlier === undefined ? later : Math.min(earlier, later);
}

/** The field names that qualify a directive; `undefined` when it is unqualified, or qualified by anything but names. */
function qualifiedNames(argument: string | undefined): string[] | undefined {
  if (argument === undefined) return undefined;
  const names = argument
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0 || !names.every(isFieldName)) return undefined;
  const lowerNames = names.map((name) => name.toLowerCase());
  return lowerNames.some((name) => indispensable.has(name)) ? undefined : lowerNames;
}

/**
 * §5.2.2.4, §5.2.2.7: without these nobody could read the body, or tell after a 304 what holds for it; and the stricter
 * form is allowed.
 */
const indispensable: ReadonlySet<string> = new Set([
  'cache-control',
  'content-encoding',
  'content-type',
  'expires',
]);
