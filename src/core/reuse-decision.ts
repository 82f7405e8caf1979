/** Why a stored response is reused. A closed list:
 *
 * - `fresh`: it is fresh.
 * - `forced`: the mode takes it at any age.
 * - `max-stale`: the request takes it that stale.
 * - `stale-while-revalidate`: the response allows it while it is validated in the background.
 * - `validated`: the origin confirmed it.
 * - `stale-if-error`: the origin answered with an error, and the response or request allows it then.
 * - `disconnected`: the origin could not be reached.
 */
export type ReuseReason =
  | 'fresh'
  | 'forced'
  | 'max-stale'
  | 'stale-while-revalidate'
  | 'validated'
  | 'stale-if-error'
  | 'disconnected';

/** Why the origin is asked: the words of RFC 9211 §2.2, and `fault`. A closed list:
 *
 * - `uri-miss`: nothing is stored for the target URI.
 * - `vary-miss`: something is stored, but for other request fields or other credentials.
 * - `miss`: something is stored, but it cannot be used.
 * - `request`: the request's directives or mode ask for it.
 * - `stale`: the stored response is stale, or must be validated.
 * - `fault`: the store could not be asked.
 */
export type ForwardReason = 'uri-miss' | 'vary-miss' | 'miss' | 'request' | 'stale' | 'fault';
