/** Takes parameters out of a URL's query by their decoded names. What stays, stays byte for byte and in its order. */
export function withoutParameters(url: string, isDropped: (name: string) => boolean): string {
  const start = url.indexOf('?');
  if (start === -1) return url;
  const kept = url
    .slice(start + 1)
    .split('&')
    .filter((parameter) => !isDropped(nameOf(parameter)));
  return kept.length === 0 ? url.slice(0, start) : `${url.slice(0, start)}?${kept.join('&')}`;
}

function nameOf(parameter: string): string {
  const [name = ''] = parameter.split('=', 1);
  if (!name.includes('%') && !name.includes('+')) return name;
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
