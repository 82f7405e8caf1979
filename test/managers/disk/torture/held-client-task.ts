/** What a client in another process is to do. */
export type HeldClientTask =
  /** Send a request; where `holdAfter` is given, the cache is held at its next call of the file system but so many. */
  | {
      readonly kind: 'ask';
      readonly url: string;
      readonly method: 'GET' | 'HEAD';
      readonly holdAfter?: number;
    }
  /** Go on with the call that is held. */
  | { readonly kind: 'go-on' };

/** What it tells. */
export type HeldClientAnswer =
  /** It is held at this call. */
  | { readonly kind: 'held'; readonly call: string }
  /** The request was answered with this version, and the store is done with it. */
  | { readonly kind: 'answered'; readonly version: number };
