const age =
  'RFC 9111 §5.1: of several members the first counts, and an `Age` that is not a number is ignored. The test is older than ' +
  'this text; the suite has since been changed to ask for it.';
const ageParameter =
  'RFC 9111 §5.1: an `Age` that is not a number is ignored. The test is older than this text; the suite has since been ' +
  'changed to only record what a cache does.';
const closed =
  'The origin closes the connection, so there is no answer with the count that the test looks for: the request fails as ' +
  'it does without a cache, and nothing stale is served (RFC 9111 §4.2.4). No published result passes; the suite has since ' +
  'been changed.';
const wrongLength =
  'The `Content-Length` that the origin sends is not that of its content. Node takes the rest for another response, which it ' +
  'cannot parse, and fails the request, with a cache or without one.';
const partial =
  'Partial responses are not stored: RFC 9111 §3.3 and §3.4 allow to, and to combine them, but do not ask for it.';
const setCookie =
  'A shared cache stores the response without its `Set-Cookie`, unless `public` or `s-maxage` says that it is for everyone: ' +
  'RFC 9111 §7.3 leaves the care for cookies to the origin, many of which do not take it. `setCookie: "keep"` keeps it (§3.1).';

/** Why a test does not pass, by its id. Each required or optimal one that does not pass has a reason, and no other. */
export const reasons: Readonly<Record<string, string>> = {
  'age-parse-dup-0': age,
  'age-parse-dup-0-twoline': age,
  'age-parse-dup-old': age,
  'age-parse-float': age,
  'age-parse-negative': age,
  'age-parse-nonnumeric': age,
  'age-parse-numeric-parameter': ageParameter,
  'age-parse-parameter': ageParameter,
  'age-parse-prefix-twoline': age,
  'stale-close-must-revalidate': closed,
  'stale-close-no-cache': closed,
  'stale-close-proxy-revalidate': `${closed} A private cache does not take part in \`proxy-revalidate\` (§5.2.2.8), and serves it stale.`,
  'stale-close-s-maxage=2': `${closed} A private cache does not take part in \`s-maxage\` (§5.2.2.10), and serves it stale.`,
  'headers-store-Content-Length': wrongLength,
  'headers-store-Set-Cookie': setCookie,
  '304-etag-update-response-Content-Length': wrongLength,
  '304-etag-update-response-ETag':
    'RFC 9111 §4.3.4: a 304 with another strong entity tag identifies no stored response and updates none. The request is made ' +
    'again, without the condition.',
  '304-etag-update-response-Set-Cookie': setCookie,
  'conditional-lm-fresh-no-lm':
    'RFC 9111 §4.3.2: without a `Last-Modified`, the `Date` of the stored response is compared. Here it is later than the ' +
    'condition, so the answer is the 200.',
  'partial-store-partial-complete': partial,
  'partial-store-partial-reuse-partial': partial,
  'partial-store-partial-reuse-partial-absent': partial,
  'partial-store-partial-reuse-partial-byterange': partial,
  'partial-store-partial-reuse-partial-suffix': partial,
  'vary-normalise-lang-order':
    'RFC 9111 §4.1 allows to reorder what has the same meaning in any order. RFC 9110 §12.5.4 notes that some servers take ' +
    'languages of equal weight in the order of preference.',
  'vary-normalise-lang-select':
    'RFC 9111 §4.1: a stored response is selected by the fields that its `Vary` names. To choose by weights and ' +
    '`Content-Language` is for the origin (RFC 9110 §12.1).',
};
