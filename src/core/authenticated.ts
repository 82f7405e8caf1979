const authenticated = /^(?:https:|http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/])/;

/** Whether what a target URI gives is from an authenticated context (RFC 8246 §3): it came over TLS, or from this machine. */
export function isAuthenticated(targetUri: string): boolean {
  return authenticated.test(targetUri);
}
