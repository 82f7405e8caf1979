const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const time = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';
const month = `(?<month>${months.join('|')})`;
const shortDay = '(?:mon|tue|wed|thu|fri|sat|sun)';
const longDay = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';

/** The three forms of an HTTP-date (RFC 9110 §5.6.7). RFC 9111 §4.2 asks to match them whatever their case. */
const imfFixdate = new RegExp(`^${shortDay}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} gmt$`, 'i');
const rfc850Date = new RegExp(`^${longDay}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} gmt$`, 'i');
const asctimeDate = new RegExp(`^${shortDay} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`, 'i');

/**
 * Parses an HTTP-date into milliseconds since 1970; `undefined` for anything else, other time zones included.
 *
 * @param now - The present in milliseconds since 1970, which places a two-digit year in its century.
 */
export function parseHttpDate(value: string, now: number): number | undefined {
  const parts = (imfFixdate.exec(value) ?? rfc850Date.exec(value) ?? asctimeDate.exec(value))?.groups;
  if (parts === undefined) return undefined;
  const number = (name: string): number => Number(parts[name]);
  const year = number('year');
  const at = (fullYear: number): number | undefined =>
    instant({
      year: fullYear,
      month: months.indexOf((parts['month'] ?? '').toLowerCase()),
      day: number('day'),
      hour: number('hour'),
      minute: number('minute'),
      second: number('second'),
    });
  return parts['year']?.length === 2 ? inNearestCentury(year, at, now) : at(year);
}

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function instant(parts: DateParts): number | undefined {
  // §5.6.7 allows a leap second, which counts as the second after it.
  if (parts.hour > 23 || parts.minute > 59 || parts.second > 60) return undefined;
  const date = new Date(0);
  // Date.UTC takes years below 100 for years of the twentieth century.
  date.setUTCFullYear(parts.year, parts.month, parts.day);
  // A day that the month does not have is another day of another month.
  if (date.getUTCDate() !== parts.day) return undefined;
  return date.setUTCHours(parts.hour, parts.minute, parts.second);
}

/** §5.6.7: a two-digit year is the latest one with these digits that is not more than 50 years ahead. */
function inNearestCentury(
  twoDigits: number,
  at: (fullYear: number) => number | undefined,
  now: number,
): number | undefined {
  const limit = new Date(now);
  limit.setUTCFullYear(limit.getUTCFullYear() + 50);
  const century = Math.floor(limit.getUTCFullYear() / 100) * 100;
  const latest = at(century + twoDigits);
  return latest !== undefined && latest <= limit.getTime() ? latest : at(century - 100 + twoDigits);
}
