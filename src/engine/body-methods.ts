/** Methods whose responses may be kept by the body of the request. */
export const bodyMethods = ['POST', 'QUERY'] as const;
/** See {@link bodyMethods}. */
export type BodyMethod = (typeof bodyMethods)[number];

/** The longest request body that responses are kept by, in bytes: it is held until it was looked up. */
export const longestRequestBody: number = 1024 * 1024;
