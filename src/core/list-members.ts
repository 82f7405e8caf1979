/**
 * The members of a list-valued field (RFC 9110 §5.6.1), trimmed and without the empty ones. Commas within quoted strings
 * do not separate. Takes time linear in the length of the value.
 */
export function listMembers(value: string): string[] {
  const members: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at <= value.length; at++) {
    const char = value[at];
    if (isQuoted && char === '\\') at++;
    else if (char === '"') isQuoted = !isQuoted;
    if (at < value.length && (char !== ',' || isQuoted)) continue;
    const member = value.slice(start, at).trim();
    if (member !== '') members.push(member);
    start = at + 1;
  }
  return members;
}
