import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What the site received. */
export interface Echo {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly args: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The names of the fields as they were written. */
  readonly fieldNames: readonly string[];
  /** The body as text. Empty for forms. */
  readonly data: string;
  /** The body as JSON, if it says it is. */
  readonly json?: unknown;
  /** The fields of a form; a list where a name comes more than once, and `<type name: size>` where it is a file. */
  readonly form: Readonly<Record<string, string | readonly string[]>>;
}

/** Reads a request to its end and tells what it was. */
export async function echoOf(request: IncomingMessage): Promise<Echo> {
  const { method = '', url = '', headers, rawHeaders } = request;
  const body = await buffer(request);
  const type = headers['content-type'] ?? '';
  const isForm = /^(multipart\/form-data|application\/x-www-form-urlencoded)/.test(type);
  const isJson = type.startsWith('application/json');
  return {
    method,
    url,
    args: Object.fromEntries(new URL(url, 'http://site.test').searchParams),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    fieldNames: rawHeaders.filter((_, at) => at % 2 === 0),
    data: isForm ? '' : body.toString(),
    ...(isJson && body.length > 0 ? { json: JSON.parse(body.toString()) } : {}),
    form: isForm ? await formOf(body, type) : {},
  };
}

async function formOf(body: Buffer, type: string): Promise<Echo['form']> {
  const received = await new Response(body, { headers: { 'content-type': type } }).formData();
  const names = new Set(received.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const [first = '', ...more] = received
        .getAll(name)
        .map((value) => (typeof value === 'string' ? value : `<${value.type} ${value.name}: ${value.size}>`));
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}
