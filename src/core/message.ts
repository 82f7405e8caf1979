/** A value that JSON can carry. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** One field line (RFC 9110 §5): the name in the case it was sent in, and the value, each byte one latin1 character. */
export type FieldLine = readonly [name: string, value: string];

/** A header or trailer section: field lines in the order they were sent, repeated ones kept apart. */
export type FieldLines = readonly FieldLine[];

/** What of a request decides about caching. */
export interface RequestHead {
  /** The method, case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /** The target URI (RFC 9110 §7.1): absolute, without fragment and userinfo. */
  readonly url: string;
  /** The field lines as finally sent. */
  readonly headers: FieldLines;
}

/** The head of a response as the wire had it. */
export interface ResponseHead {
  /** The status code. */
  readonly status: number;
  /** The reason phrase, as sent; often empty over HTTP/2. */
  readonly statusText: string;
  /** The HTTP version, as Node names it: `1.0`, `1.1` or `2.0`. */
  readonly httpVersion: string;
  /** The field lines as received. */
  readonly headers: FieldLines;
}

/** A stored response without its body: all that JSON can carry. */
export interface HttpResponseHead extends ResponseHead {
  /** The target URI that it was stored for. */
  readonly url: string;
  /** The trailer section, mostly empty. */
  readonly trailers: FieldLines;
  /** What the option `metadata` gave when it was stored. */
  readonly metadata?: JsonValue;
}

/**
 * A stored response as the three-method {@link CacheManager} takes and gives it.
 * The body holds the bytes as they came over the wire, still content-encoded.
 */
export interface HttpResponse extends HttpResponseHead {
  /** The body's bytes, content-encoded as received. */
  readonly body: Uint8Array;
}
