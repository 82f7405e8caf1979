/**
 * Walks over the directives of one line of `Cache-Control` (RFC 9111 §5.2), giving names in lower case and arguments
 * unquoted; an argument that is malformed is given so that it is valid nowhere. Takes time linear in the line's length.
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
  const quoted = line[at] === '"' ? readQuotedString(line, at) : undefined;
  // A quote that nothing closes must not swallow the directives behind it.
  if (quoted === undefined) {
    const end = endOf(line, at, ',;');
    return { argument: line.slice(at, end).trim() + malformedBy(line[end]), end };
  }
  const end = endOf(line, quoted.end, ',;');
  const rest = line.slice(quoted.end, end).trim();
  return { argument: quoted.text + rest + malformedBy(line[end]), end };
}

/**
 * A semicolon does not separate directives: an argument that it ends is invalid. What stands behind it is read as one
 * all the same, so that `max-age=60; private` is not shared.
 */
function malformedBy(terminator: string | undefined): string {
  return terminator === ';' ? ';' : '';
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
    text += line[at] ?? '';
  }
  return undefined;
}
