import type { Given } from '../arguments/given.ts';
import { UsageError } from '../command-errors.ts';
import { parseDuration } from '../text/duration.ts';
import type { StoredEntry } from './stored-entry.ts';
import { urlPattern } from './url-pattern.ts';

/** Chooses stored responses. */
export interface Filter {
  /** Whether there is anything to choose by. */
  readonly isGiven: boolean;
  /** Whether it goes by nothing but the URL, so that all that is stored for a URL is chosen. */
  readonly isOfUrlsOnly: boolean;
  /** Whether a stored response is chosen: everything that is given has to hold. */
  readonly chooses: (entry: StoredEntry) => boolean;
}

type Condition = (entry: StoredEntry) => boolean;

/**
 * Reads the options that choose entries.
 *
 * @param url - The URL where that is an operand rather than an option.
 * @throws UsageError for a value that cannot be used.
 */
export function readFilter(given: Given, url: string | undefined = given.value('url')): Filter {
  const ofUrl = url === undefined ? [] : [urlCondition(url)];
  const others = [...freshnessConditions(given), ...ageConditions(given), ...statusConditions(given)];
  const conditions = [...ofUrl, ...others];
  return {
    isGiven: conditions.length > 0,
    isOfUrlsOnly: ofUrl.length > 0 && others.length === 0,
    chooses: (entry) => conditions.every((holds) => holds(entry)),
  };
}

function urlCondition(url: string): Condition {
  const isMeant = urlPattern(url);
  return ({ head, primary }) => isMeant(head.url) || isMeant(primary);
}

function freshnessConditions(given: Given): readonly Condition[] {
  const wanted = { fresh: given.flag('fresh'), stale: given.flag('stale') };
  if (wanted.fresh && wanted.stale) {
    throw new UsageError('Nothing is fresh and stale at once: give --fresh or --stale, or neither for all');
  }
  if (wanted.fresh) return [({ freshness }) => freshness === 'fresh'];
  return wanted.stale ? [({ freshness }) => freshness !== 'fresh'] : [];
}

function ageConditions(given: Given): readonly Condition[] {
  const written = given.value('older');
  if (written === undefined) return [];
  const least = parseDuration(written);
  if (least === undefined) {
    throw new UsageError(
      `--older is ${JSON.stringify(written)}: give a whole number and a unit, such as 90s, 15m, 12h or 7d`,
    );
  }
  return [({ ageMs }) => ageMs > least];
}

function statusConditions(given: Given): readonly Condition[] {
  const written = given.value('status');
  if (written === undefined) return [];
  if (!/^[2-9](\d\d|xx)$/i.test(written)) {
    throw new UsageError(
      `--status is ${JSON.stringify(written)}: give a final status such as 404, or a class such as 4xx`,
    );
  }
  const digits = written.replaceAll(/x/gi, '');
  return [({ head }) => String(head.status).startsWith(digits)];
}
