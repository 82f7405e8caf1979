/**
 * The members of a list-valued field (RFC 9110 §5.6.1), trimmed and without the empty ones. Commas within quoted strings
 * do not separate. Takes time linear in the length of the value.
 */
export function listMembers(value: string): string[] {
  if (!value.includes('"')) return trimmed(value.split(','));
  const members: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < value.length; at++) {
    const char = value[at];
    if (isQuoted && char === '\\') at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === ',' && !isQuoted) {
      members.push(value.slice(start, at));
      start = at + 1;
    }
  }
  members.push(value.slice(start));
  return trimmed(members);
}

function trimmed(members: readonly string[]): string[] {
  return members.map((member) => member.trim()).filter((member) => member !== '');
}
