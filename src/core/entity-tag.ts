/** Whether two entity tags match by the weak comparison (RFC 9110 §8.8.3.2). */
export function weaklyEqual(a: string, b: string): boolean {
  return opaqueTag(a) === opaqueTag(b);
}

/** Whether an entity tag is weak (RFC 9110 §8.8.3). */
export function isWeak(etag: string): boolean {
  return etag.startsWith('W/');
}

function opaqueTag(etag: string): string {
  return isWeak(etag) ? etag.slice(2) : etag;
}

/**
 * The entity tags of a list such as `If-None-Match` has. Unlike in a quoted-string, a backslash in a tag stands for
 * itself (RFC 9110 §8.8.3). Tags without quotes, which some servers send, are taken up to the next comma.
 */
export function entityTags(list: string): string[] {
  const tags: string[] = [];
  let at = 0;
  while (at < list.length) {
    const char = list[at];
    if (char === ',' || char === ' ' || char === '\t') {
      at++;
      continue;
    }
    const end = tagEnd(list, at);
    tags.push(list.slice(at, end).trim());
    at = end;
  }
  return tags;
}

function tagEnd(list: string, start: number): number {
  const open = list.startsWith('W/', start) ? start + 2 : start;
  const close = list[open] === '"' ? list.indexOf('"', open + 1) : -1;
  if (close !== -1) return close + 1;
  const comma = list.indexOf(',', open);
  return comma === -1 ? list.length : comma;
}
