/** Why a response is not stored. A closed list:
 *
 * - `method`, `status`: not one that the cache understands (RFC 9111 §3).
 * - `request-no-store`, `response-no-store`: `no-store`.
 * - `private`: `private` in a shared cache.
 * - `authorization`: Authorization in a shared cache (RFC 9111 §3.5).
 * - `vary`: `Vary: *`, or a `Vary` too long to keep.
 * - `not-reusable`: it has neither freshness nor a validator, so it could never be used.
 * - `partial`: a 206, or a response to a range request.
 * - `incomplete`: its length is already known to be wrong.
 * - `too-large`: larger than the manager keeps.
 * - `mode`: the mode, or `responseMode`, says so.
 * - `invalidated`: the target URI was invalidated while the request was under way.
 * - `redirected`: the client's own transport answered for another URI.
 * - `upgraded`: a 1xx or an upgraded connection.
 * - `fault`: a function given as an option failed, or the store did.
 */
export type StorageRefusal =
  | 'method'
  | 'status'
  | 'request-no-store'
  | 'response-no-store'
  | 'private'
  | 'authorization'
  | 'vary'
  | 'not-reusable'
  | 'partial'
  | 'incomplete'
  | 'too-large'
  | 'mode'
  | 'invalidated'
  | 'redirected'
  | 'upgraded'
  | 'fault';
