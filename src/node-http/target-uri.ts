/** Where a request goes, and what it says of that itself. */
export interface Target {
  readonly protocol: string;
  /** Host and, unless it is the scheme's own, port of the connection. */
  readonly authority: string;
  /** The request target: a path with its query, or the whole URI when it goes to a proxy. */
  readonly path: string;
  /** The `Host` field that the caller set, if any. */
  readonly hostField: string | undefined;
  /** The unix socket that it goes to, if any. */
  readonly socketPath: string | undefined;
}

/**
 * The target URI (RFC 9110 §7.1) without fragment and userinfo.
 *
 * A request that goes elsewhere than its URI says, to a unix socket or with a `Host` field of the caller's own, must
 * neither read nor fill what is stored for that URI: whoever can choose the address could put words in another
 * origin's mouth. It gets a host of its own, under a top-level domain that never resolves (RFC 6761 §6.4).
 */
export function targetUri({ protocol, authority, path, hostField, socketPath }: Target): string {
  const hash = path.indexOf('#');
  const target = hash === -1 ? path : path.slice(0, hash);
  // RFC 9112 §3.2.2: the absolute form is for proxies, and the key is the same with and without them.
  if (!target.startsWith('/')) return absoluteForm(target) ?? `${protocol}//${authority}/${target}`;
  if (socketPath === undefined && (hostField === undefined || hostField.toLowerCase() === authority)) {
    return `${protocol}//${authority}${target}`;
  }
  const host = hostText((hostField ?? authority).toLowerCase());
  return `${protocol}//${host}_via_${hostText(socketPath ?? authority)}.invalid${target}`;
}

/** Any text in characters that are valid in a host, different texts staying different. */
function hostText(text: string): string {
  return text.replace(/[^a-z0-9.]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`);
}

function absoluteForm(target: string): string | undefined {
  if (!/^https?:\/\//i.test(target)) return undefined;
  return target.replace(/^([^/]+\/\/)[^/?#]*@/, '$1');
}
