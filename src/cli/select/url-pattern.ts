import { targetUri } from '../../core/target-uri.ts';
import { UsageError } from '../command-errors.ts';
import { ELLIPSIS } from '../text/cut-to-width.ts';

/** Tells whether a URL is meant. */
export type UrlPattern = (url: string) => boolean;

/**
 * Reads what `--url` is given: an exact URL, as it is or in the form in which requests are stored, or one with `*` for any
 * run of characters; `\*` is an asterisk. The whole URL is compared, with case. It takes time in proportion to the URL
 * for each `*`, whatever is compared.
 *
 * @throws UsageError for what can match no URL.
 */
export function urlPattern(written: string): UrlPattern {
  if (written.includes(ELLIPSIS)) {
    throw new UsageError(
      `The URL ${JSON.stringify(written)} was cut to fit a terminal: copy it from "ls | cat" or "ls --json", or write * for what is missing`,
    );
  }
  const literals = written.split(/(?<!\\)\*/).map((part) => part.replaceAll(String.raw`\*`, '*'));
  const [first = '', ...others] = literals;
  const last = others.pop();
  if (last !== undefined) return (url) => matches(url, { first, middle: others, last });
  const normal = normalForm(first);
  return (url) => url === first || url === normal;
}

interface Literals {
  readonly first: string;
  readonly middle: readonly string[];
  readonly last: string;
}

function matches(url: string, { first, middle, last }: Literals): boolean {
  if (url.length < first.length + last.length || !url.startsWith(first) || !url.endsWith(last)) return false;
  let from = first.length;
  const end = url.length - last.length;
  for (const literal of middle) {
    // The first place leaves the most room for what follows.
    const at = url.indexOf(literal, from);
    if (at < 0 || at + literal.length > end) return false;
    from = at + literal.length;
  }
  return true;
}

function normalForm(written: string): string {
  try {
    return targetUri(written);
  } catch {
    throw new UsageError(
      `${JSON.stringify(written)} is no absolute http: or https: URL, and has no *: give a URL, or a pattern such as "*${written}*"`,
    );
  }
}
