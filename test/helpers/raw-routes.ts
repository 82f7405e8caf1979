import type { Route } from './origin.ts';

/** Answers with these bytes, and ends the connection. */
function raw(bytes: (date: string) => string): Route {
  return ({ response, date }) => void response.socket?.end(Buffer.from(bytes(date), 'latin1'));
}

/** Answers with four bytes of fresh text, and with more fields. */
function plum(statusLine: string, ...fields: readonly string[]): Route {
  const always = ['Content-Type: text/plain', 'Cache-Control: max-age=3600', 'Content-Length: 4'];
  return raw((date) => [statusLine, `Date: ${date}`, ...always, ...fields, '', 'plum'].join('\r\n'));
}

/** What Node's own server would not send. For HTTP/1 only. */
export const rawRoutes: Readonly<Record<string, Route>> = {
  '/http-1.0': plum('HTTP/1.0 200 OK'),
  '/no-status-text': plum('HTTP/1.1 200 '),
  '/not-http': raw(() => 'plum jam\r\n\r\n'),
  '/bad-field-value': plum('HTTP/1.1 200 OK', 'X-Bad: plum\u0001jam'),
  '/bad-field-name': plum('HTTP/1.1 200 OK', 'X Bad: plum'),
  '/two-lengths': plum('HTTP/1.1 200 OK', 'Content-Length: 5'),
  '/long-head': plum('HTTP/1.1 200 OK', `X-Long: ${'plum'.repeat(5000)}`),
};
