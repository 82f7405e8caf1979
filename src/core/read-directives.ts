/**
 * Walks over the directives of one line of `Cache-Control` (RFC 9111 §5.2), giving names in lower case and arguments
 * unquoted; of an argument that is malformed nothing is left, which is valid nowhere. Takes time linear in the line's length.
 */
export function readDirectives(
  line: string,
  found: (name: string, argument: string | undefined) => void,
): void {
  let at = 0;
  while (at < line.length) {
    const nameEnd = endOf(line, at, ',;=');
    const name = line.slice(at, nameEnd).trim().toLowerCase();
    if (line[nameEnd] !== '=') {
      if (name !== '') found(name, undefined);
      at = nameEnd + 1;
      continue;
    }
    const { argument, end } = readArgument(line, nameEnd + 1);
    found(name, argument);
    at = end + 1;
  }
}

function readArgument(line: string, start: number): { argument: string; end: number } {
  let at = start;
  while (line[at] === ' ' || line[at] === '\t') at++;
  // A quote that nothing closes must not swallow the directives behind it.
  const quoted = line[at] === '"' ? readQuotedString(line, at) : undefined;
  const restStart = quoted?.end ?? at;
  const end = endOf(line, restStart, ',;');
  const rest = line.slice(restStart, end).trim();
  // A semicolon does not separate directives, so it spoils the argument that it ends. What stands behind it is read as
  // one all the same: `max-age=60; private` must not be shared.
  const isMalformed = line[end] === ';' || (quoted !== undefined && rest !== '');
  const argument = quoted?.text ?? rest;
  return { argument: isMalformed ? '' : argument, end };
}

/** Where the next of these characters stands, or the line ends. */
function endOf(line: string, from: number, terminators: string): number {
  let at = from;
  while (at < line.length && !terminators.includes(line.charAt(at))) at++;
  return at;
}

/** Reads a quoted-string (RFC 9110 §5.6.4) from its opening quote; `undefined` when nothing closes it. */
function readQuotedString(line: string, open: number): { text: string; end: number } | undefined {
  let text = '';
  for (let at = open + 1; at < line.length; at++) {
    const char = line[at];
    if (char === '"') return { text, end: at + 1 };
    if (char === '\\') at++;
    text += line.charAt(at);
  }
  return undefined;
}
