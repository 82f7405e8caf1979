/** Statuses whose responses have a heuristic freshness lifetime (RFC 9110 §15.1, RFC 7725 §3), but 206, which is never stored. */
const heuristicallyCacheable: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 451, 501,
]);

/** Final statuses of RFC 9110 §15, and 451, whose requirements on caches are met; those of 206 and 304 are not about storing. */
const understood: ReadonlySet<number> = new Set([
  200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407,
  408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 451, 500, 501, 502, 503, 504, 505,
]);

/**
 * Statuses that RFC 6585 (§3 to §6) forbids to store, and 412, which is about the condition of one request (RFC 9110
 * §15.5.13) and no answer to others.
 */
const neverStored: ReadonlySet<number> = new Set([412, 428, 429, 431, 511]);

/** Whether a response of this status may be fresh without saying for how long (RFC 9111 §4.2.2). */
export function isHeuristicallyCacheable(status: number): boolean {
  return heuristicallyCacheable.has(status);
}

/** Whether what a status asks of caches is known and done, as `must-understand` requires (RFC 9111 §5.2.2.3). */
export function isUnderstoodStatus(status: number): boolean {
  return understood.has(status);
}

/** Whether a status is defined as one that no cache stores. */
export function isNeverStored(status: number): boolean {
  return neverStored.has(status);
}

/** Whether a 304 can confirm a response of this status: a 200 (RFC 9110 §15.4.5), or what a proxy made of one (§15.3.4). */
export function isConfirmable(status: number): boolean {
  return status === 200 || status === 203;
}
